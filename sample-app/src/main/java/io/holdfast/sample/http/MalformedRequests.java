// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/**
 * Answers what is no HTTP, or beyond its limits, as all other errors are answered. Public because
 * Pekko HTTP creates it by name; configure it, do not call it.
 */
public final class MalformedRequests extends ParsingErrorHandler {
  @Override
  public HttpResponse handle(
      StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
    return Problem.rejected(code(status.intValue()), "malformed-request", error.formatPretty())
        .response();
  }

  /** The fault is the client's: a method or a version of HTTP that nobody has heard of. */
  private static int code(int status) {
    return status == 501 ? 405 : status >= 500 ? 400 : status;
  }
}
