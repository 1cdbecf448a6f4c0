// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Answers of the API. */
final class Answers {
  static final ContentType JSON_LINES =
      ContentTypes.create(
          MediaTypes.applicationWithFixedCharset("x-ndjson", HttpCharsets.UTF_8));

  private Answers() {}

  static HttpResponse json(int status, JsonNode body) {
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, ApiJson.write(body)));
  }

  static HttpResponse ok(JsonNode body) {
    return json(200, body);
  }

  /** An answer about a stream at a version. */
  static HttpResponse at(long version, HttpResponse response) {
    return response.addHeader(RawHeader.create("ETag", "\"%d\"".formatted(version)));
  }
}
