// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.history;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * What a stream must be like for an operation to take place. In JSON a text: {@code any}, {@code
 * noStream}, {@code streamExists}, or a version in digits.
 *
 * @param version of {@link Kind#EXACTLY} only, else 0
 */
public record Expected(Kind kind, long version) {
  /** The four expectations. */
  public enum Kind {
    ANY("any"),
    /** The stream has no event that is not deleted. */
    NO_STREAM("noStream"),
    /** The stream has an event that is not deleted. */
    STREAM_EXISTS("streamExists"),
    /** The last event, deleted or not, has this version; 0 for a stream that never had one. */
    EXACTLY("");

    private final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  private static final Expected ANY = new Expected(Kind.ANY, 0);
  private static final Expected NO_STREAM = new Expected(Kind.NO_STREAM, 0);
  private static final Expected STREAM_EXISTS = new Expected(Kind.STREAM_EXISTS, 0);

  public static Expected any() {
    return ANY;
  }

  public static Expected noStream() {
    return NO_STREAM;
  }

  public static Expected streamExists() {
    return STREAM_EXISTS;
  }

  public static Expected exactly(long version) {
    return new Expected(Kind.EXACTLY, version);
  }

  /**
   * The inverse of {@link #toString}.
   *
   * @throws IllegalArgumentException if the text is none of the four
   */
  @JsonCreator
  public static Expected parse(String text) {
    return switch (text) {
      case "any" -> ANY;
      case "noStream" -> NO_STREAM;
      case "streamExists" -> STREAM_EXISTS;
      default -> exactly(Long.parseLong(text));
    };
  }

  @JsonValue
  @Override
  public String toString() {
    return kind == Kind.EXACTLY ? Long.toString(version) : kind.text;
  }
}
