// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.history;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What became of an operation, as its client was told. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Outcome.Ok.class, name = "ok"),
  @JsonSubTypes.Type(value = Outcome.Conflict.class, name = "conflict"),
  @JsonSubTypes.Type(value = Outcome.Refused.class, name = "refused"),
  @JsonSubTypes.Type(value = Outcome.Unavailable.class, name = "unavailable"),
  @JsonSubTypes.Type(value = Outcome.Unknown.class, name = "unknown")
})
public sealed interface Outcome {
  /** It took place. */
  record Ok(Result result) implements Outcome {
    public Ok {
      requireNonNull(result, "result");
    }
  }

  /**
   * The stream is not as expected, or has the ids elsewhere; nothing was changed.
   *
   * @param actualVersion the stream's; -1 if it was not told
   */
  record Conflict(long actualVersion) implements Outcome {}

  /**
   * It was refused for good; nothing was changed.
   *
   * @param closed whether because the stream is closed
   */
  record Refused(boolean closed, String reason) implements Outcome {}

  /** It was refused for now; nothing was changed. Also for a read without an answer. */
  record Unavailable(String reason) implements Outcome {}

  /** It may have taken place, or may yet. */
  record Unknown(String reason) implements Outcome {}

  static Outcome ok(Result result) {
    return new Ok(result);
  }

  /** Whether something may have been changed. */
  default boolean mayHaveTakenPlace() {
    return this instanceof Ok || this instanceof Unknown;
  }
}
