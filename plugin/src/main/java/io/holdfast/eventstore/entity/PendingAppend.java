// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.eventstore.protocol.StreamReply;
import io.holdfast.serialization.EventData;
import java.util.List;
import java.util.OptionalLong;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * An append that waits for its turn.
 *
 * @param idsDrawnAt when its ids were drawn for it, in milliseconds since 1970 by the clock of the
 *     node that did; empty if they were not, or it is sent again
 */
record PendingAppend(
    List<EventData> events,
    ExpectedVersion expectedVersion,
    OptionalLong idsDrawnAt,
    ActorRef<StreamReply.ToAppend> replyTo,
    int bytes)
    implements PendingCommands.Pending {

  static PendingAppend of(
      List<EventData> events,
      ExpectedVersion expectedVersion,
      OptionalLong idsDrawnAt,
      ActorRef<StreamReply.ToAppend> replyTo) {
    int bytes = events.stream().mapToInt(EventData::sizeInBytes).sum();
    return new PendingAppend(events, expectedVersion, idsDrawnAt, replyTo, bytes);
  }

  /**
   * Whether none of its ids can be stored now: not when it may have been under way for so long, in
   * a frozen node or in the queue of one, that it was sent again and stored elsewhere. To be asked
   * when its turn has come. The clocks of the nodes are trusted as far as half the time after which
   * appends are sent again.
   */
  boolean hasFreshIds(StreamEntitySettings settings) {
    long trusted = settings.appendTryTimeout().toMillis() / 2;
    return idsDrawnAt.isPresent()
        && Math.abs(System.currentTimeMillis() - idsDrawnAt.getAsLong()) < trusted;
  }

  @Override
  public void refuse(StreamReply.ToAny reply) {
    replyTo.tell(reply);
  }
}
