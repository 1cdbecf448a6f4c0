// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Answers of the API. */
final class Answers {
  static final ByteString NEW_LINE = ByteString.fromString("\n");

  private static final ContentType JSON_LINES =
      ContentTypes.create(MediaTypes.applicationWithFixedCharset("x-ndjson", HttpCharsets.UTF_8));

  private Answers() {}

  static HttpResponse json(int status, JsonNode body) {
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, ApiJson.write(body)));
  }

  static HttpResponse ok(JsonNode body) {
    return json(200, body);
  }

  /** An answer of a line each, as fast as the client takes them. */
  static HttpResponse lines(Source<ByteString, NotUsed> lines) {
    return HttpResponse.create()
        .withEntity(HttpEntities.create(JSON_LINES, lines.via(new Pieces())));
  }

  static ByteString line(JsonNode json) {
    return ByteString.fromArrayUnsafe(ApiJson.write(json)).concat(NEW_LINE);
  }

  /** An answer about a stream at a version. */
  static HttpResponse at(long version, HttpResponse response) {
    return response.addHeader(RawHeader.create("ETag", "\"%d\"".formatted(version)));
  }
}
