// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What a {@link Subject} is given to do while it is measured. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes(@JsonSubTypes.Type(value = Load.Append.class, name = "append"))
sealed interface Load {
  /**
   * Appends, of which a number is under way at a time: each follows the answer to another.
   *
   * @param choice which stream each goes to
   * @param streams how many there are; any with {@link Choice#NEW}
   * @param inFlight how many appends are under way, to all streams together
   * @param events how many each append has, stored all or none
   */
  record Append(Choice choice, int streams, int inFlight, int events) implements Load {
    public Append {
      requirePositive("streams", streams);
      requirePositive("inFlight", inFlight);
      requirePositive("events", events);
    }
  }

  /** Which stream the next append goes to. */
  enum Choice {
    /** The one of the append that was answered, so that each has as many under way all the time. */
    SAME,
    /** Any, by Zipf's law: the first most often. */
    ZIPF,
    /** One that does not exist yet, and has no other append. */
    NEW
  }

  private static void requirePositive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s is %d; it must be at least 1".formatted(what, value));
    }
  }
}
