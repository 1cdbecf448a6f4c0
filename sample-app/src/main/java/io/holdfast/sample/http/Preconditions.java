// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import io.holdfast.eventstore.protocol.ExpectedVersion;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code If-Match} and {@code If-None-Match} as expected versions; an ETag is a version in quotes. */
final class Preconditions {
  private static final Pattern ETAG = Pattern.compile("\"(0|[1-9]\\d{0,17})\"");

  private Preconditions() {}

  /**
   * What the stream must be like.
   *
   * @throws Problem if a header cannot be understood
   */
  static ExpectedVersion expectedVersion(Optional<String> ifMatch, Optional<String> ifNoneMatch) {
    if (ifMatch.isPresent() && ifNoneMatch.isPresent()) {
      throw Problem.badRequest("If-Match and If-None-Match together; send one of them");
    } else if (ifNoneMatch.isPresent()) {
      if (!ifNoneMatch.get().strip().equals("*")) {
        throw Problem.badRequest("If-None-Match is not *, which says that the stream must be new")
            .with("value", ifNoneMatch.get());
      }
      return ExpectedVersion.noStream();
    }
    return ifMatch.map(Preconditions::ofIfMatch).orElseGet(ExpectedVersion::any);
  }

  private static ExpectedVersion ofIfMatch(String header) {
    String value = header.strip();
    if (value.equals("*")) {
      return ExpectedVersion.streamExists();
    }
    var etag = ETAG.matcher(value);
    if (!etag.matches()) {
      throw Problem.badRequest(
              "If-Match is not a version in quotes, such as \"3\", nor *, which says that the stream must exist")
          .with("value", header);
    }
    return ExpectedVersion.exactly(Long.parseLong(etag.group(1)));
  }
}
