// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import io.holdfast.eventstore.protocol.StreamReply;
import io.holdfast.serialization.EventData;
import java.util.List;
import java.util.OptionalLong;
import org.apache.pekko.actor.typed.ActorRef;

/** An append that waits for its turn. */
record PendingAppend(
    List<EventData> events,
    OptionalLong expectedVersion,
    ActorRef<StreamReply.ToAppend> replyTo,
    int bytes) {

  static PendingAppend of(
      List<EventData> events,
      OptionalLong expectedVersion,
      ActorRef<StreamReply.ToAppend> replyTo) {
    int bytes = events.stream().mapToInt(EventData::sizeInBytes).sum();
    return new PendingAppend(events, expectedVersion, replyTo, bytes);
  }
}
