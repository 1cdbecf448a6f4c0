// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.eventstore.protocol.StreamReply;
import io.holdfast.serialization.EventData;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** An append that waits for its turn. */
record PendingAppend(
    List<EventData> events,
    ExpectedVersion expectedVersion,
    boolean freshIds,
    ActorRef<StreamReply.ToAppend> replyTo,
    int bytes)
    implements PendingCommands.Pending {

  static PendingAppend of(
      List<EventData> events,
      ExpectedVersion expectedVersion,
      boolean freshIds,
      ActorRef<StreamReply.ToAppend> replyTo) {
    int bytes = events.stream().mapToInt(EventData::sizeInBytes).sum();
    return new PendingAppend(events, expectedVersion, freshIds, replyTo, bytes);
  }

  @Override
  public void refuse(StreamReply.Unavailable reply) {
    replyTo.tell(reply);
  }
}
