// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.app;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.holdfast.chaos.history.Operation;
import java.util.List;

/** A line to an application process. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Request.Join.class, name = "join"),
  @JsonSubTypes.Type(value = Request.Perform.class, name = "perform"),
  @JsonSubTypes.Type(value = Request.Follow.class, name = "follow"),
  @JsonSubTypes.Type(value = Request.Delivered.class, name = "delivered"),
  @JsonSubTypes.Type(value = Request.ShiftClock.class, name = "shiftClock")
})
public sealed interface Request {

  /**
   * Join the cluster that one of these nodes belongs to; its own address for a cluster of its own.
   * Answered by {@link Reply.Joined}. A later one stands for the one before.
   */
  record Join(List<String> addresses) implements Request {
    public Join {
      addresses = List.copyOf(addresses);
    }
  }

  /** Answered by {@link Reply.Performed} with the same number. */
  record Perform(long number, Operation operation) implements Request {}

  /**
   * Read the feed from an offset on, for a consumer of that name, which this process must not have
   * already. One {@link Reply.Delivery} after the other is sent, each when the one before is {@link
   * Delivered}.
   *
   * @param offset empty for the beginning
   */
  record Follow(String consumer, String offset) implements Request {}

  /** A consumer's last delivery is recorded. */
  record Delivered(String consumer) implements Request {}

  /** From now on the process stores by a clock that is so much before the system's. */
  record ShiftClock(long aheadMillis) implements Request {}
}
