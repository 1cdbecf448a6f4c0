// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.app;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.holdfast.chaos.history.Event;
import io.holdfast.chaos.history.Outcome;
import java.util.List;

/** A line from an application process. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Reply.Listening.class, name = "listening"),
  @JsonSubTypes.Type(value = Reply.Joined.class, name = "joined"),
  @JsonSubTypes.Type(value = Reply.Performed.class, name = "performed"),
  @JsonSubTypes.Type(value = Reply.Delivery.class, name = "delivery"),
  @JsonSubTypes.Type(value = Reply.FollowFailed.class, name = "followFailed")
})
public sealed interface Reply {

  /** The process has begun; other nodes reach it at that address. */
  record Listening(String address) implements Reply {}

  /** It is a member of the cluster, and an append could succeed. */
  record Joined() implements Reply {}

  record Performed(long number, Outcome outcome) implements Reply {}

  /**
   * What a consumer was given since the last delivery.
   *
   * @param offset after the last of them
   */
  record Delivery(String consumer, List<Item> items, String offset) implements Reply {
    public Delivery {
      items = List.copyOf(items);
    }
  }

  record Item(String stream, Event event) {}

  /** A consumer gets nothing more from this process. */
  record FollowFailed(String consumer, String reason) implements Reply {}
}
