// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * An error of the API: <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>, with typed
 * fields. It is thrown where a request turns out to be wrong, and answered as it is.
 */
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final ContentType CONTENT_TYPE =
      ContentTypes.create(
          MediaTypes.applicationWithFixedCharset("problem+json", HttpCharsets.UTF_8));

  private final int status;
  private final transient ObjectNode fields;
  private final int retryAfterSeconds;

  private Problem(int status, ObjectNode fields, String detail, int retryAfterSeconds) {
    super(detail, null, false, false);
    this.status = status;
    this.fields = fields;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /**
   * A problem.
   *
   * @param type what kind it is, in a few words with hyphens
   * @param detail what was wrong, with which value, and what to do
   */
  static Problem of(int status, String type, String detail) {
    ObjectNode fields = ApiJson.MAPPER.createObjectNode();
    fields.put("type", "urn:holdfast:problem:" + type);
    fields.put("title", StatusCodes.get(status).reason());
    fields.put("status", status);
    fields.put("detail", encodable(detail));
    return new Problem(status, fields, detail, 0);
  }

  /** What is wrong with the request itself: nothing is stored, and to repeat it is no use. */
  static Problem rejected(int status, String type, String detail) {
    return of(status, type, detail).with("outcome", "rejected");
  }

  static Problem badRequest(String detail) {
    return rejected(400, "bad-request", detail);
  }

  static Problem notFound(String detail) {
    return of(404, "not-found", detail);
  }

  /** This problem with one more field. */
  Problem with(String name, Object value) {
    ObjectNode more = fields.deepCopy();
    more.set(
        name, ApiJson.MAPPER.valueToTree(value instanceof String text ? encodable(text) : value));
    return new Problem(status, more, String.valueOf(getMessage()), retryAfterSeconds);
  }

  /** This problem, which may be over soon. */
  Problem retryAfter(int seconds) {
    return new Problem(status, fields, String.valueOf(getMessage()), seconds);
  }

  int status() {
    return status;
  }

  static boolean isProblem(HttpResponse response) {
    return response.entity().getContentType().equals(CONTENT_TYPE);
  }

  HttpResponse response() {
    HttpResponse response =
        HttpResponse.create()
            .withStatus(status)
            .withEntity(HttpEntities.create(CONTENT_TYPE, ApiJson.write(fields)));
    if (status == 401) {
      response = response.addHeader(RawHeader.create("WWW-Authenticate", "Bearer"));
    }
    return retryAfterSeconds == 0
        ? response
        : response.addHeader(RawHeader.create("Retry-After", Integer.toString(retryAfterSeconds)));
  }

  /** Half of a surrogate pair cannot be sent; a question mark stands for it. */
  static String encodable(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
