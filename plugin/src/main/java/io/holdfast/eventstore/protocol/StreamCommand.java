// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.protocol;

import static java.util.Objects.requireNonNull;

import io.holdfast.serialization.EventData;
import java.util.List;
import java.util.OptionalLong;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What one can ask of a stream. Appends of one stream are carried out in the order of arrival, each
 * against the version that the one before it left. Every command is answered exactly once, unless
 * the node or the network fails; an append without an answer has an unknown outcome.
 */
public sealed interface StreamCommand extends StreamMessage {
  /**
   * Appends one event.
   *
   * @param expectedVersion what the stream must be like
   * @param idsDrawnAt when the event's id was drawn, for this very message and no other, in
   *     milliseconds since 1970: while that is not long ago, it cannot be stored already, and need
   *     not be looked for. Empty if the id was given by others, or the append is sent again
   */
  record Append(
      EventData event,
      ExpectedVersion expectedVersion,
      OptionalLong idsDrawnAt,
      ActorRef<StreamReply.ToAppend> replyTo)
      implements StreamCommand {
    public Append {
      requireNonNull(event, "event");
      requireNonNull(expectedVersion, "expectedVersion");
      requireNonNull(idsDrawnAt, "idsDrawnAt");
      requireNonNull(replyTo, "replyTo");
    }

    /** An event whose id may be stored already. */
    public Append(
        EventData event, ExpectedVersion expectedVersion, ActorRef<StreamReply.ToAppend> replyTo) {
      this(event, expectedVersion, OptionalLong.empty(), replyTo);
    }
  }

  /**
   * Appends all events in order, or none. An empty batch writes nothing, and is answered with the
   * current version.
   *
   * @param expectedVersion what the stream must be like
   * @param idsDrawnAt when the events' ids were drawn for this very message; see {@link Append}
   */
  record AppendBatch(
      List<EventData> events,
      ExpectedVersion expectedVersion,
      OptionalLong idsDrawnAt,
      ActorRef<StreamReply.ToAppend> replyTo)
      implements StreamCommand {
    public AppendBatch {
      events = List.copyOf(events);
      requireNonNull(expectedVersion, "expectedVersion");
      requireNonNull(idsDrawnAt, "idsDrawnAt");
      requireNonNull(replyTo, "replyTo");
    }

    /** Events whose ids may be stored already. */
    public AppendBatch(
        List<EventData> events,
        ExpectedVersion expectedVersion,
        ActorRef<StreamReply.ToAppend> replyTo) {
      this(events, expectedVersion, OptionalLong.empty(), replyTo);
    }
  }

  /**
   * Changes the stream as a whole. Is carried out in turn with the appends.
   *
   * @param expectedVersion what the stream must be like
   */
  record Change(
      StreamChange change, ExpectedVersion expectedVersion, ActorRef<StreamReply.ToChange> replyTo)
      implements StreamCommand {
    public Change {
      requireNonNull(change, "change");
      requireNonNull(expectedVersion, "expectedVersion");
      requireNonNull(replyTo, "replyTo");
    }
  }

  /**
   * Reads a page of events. Long streams are better read with the {@code EventStore} API, which
   * takes them from storage on the reader's own node.
   *
   * @param fromVersion the lowest version, inclusive, from 1
   * @param toVersion the highest version, inclusive
   * @param limit the most events to return, from 1; the page may end earlier, at the bounds of a
   *     message
   * @param reverse whether the highest version comes first
   * @param consistency whether the page must hold every append that was acknowledged before
   */
  record Read(
      long fromVersion,
      long toVersion,
      int limit,
      boolean reverse,
      ReadConsistency consistency,
      ActorRef<StreamReply.ToRead> replyTo)
      implements StreamCommand {
    public Read {
      requireNonNull(consistency, "consistency");
      requireNonNull(replyTo, "replyTo");
    }
  }

  /** Asks for the current version. */
  record GetVersion(ReadConsistency consistency, ActorRef<StreamReply.ToGetVersion> replyTo)
      implements StreamCommand {
    public GetVersion {
      requireNonNull(consistency, "consistency");
      requireNonNull(replyTo, "replyTo");
    }
  }

  /** Asks whether the stream has an event. */
  record Exists(ReadConsistency consistency, ActorRef<StreamReply.ToExists> replyTo)
      implements StreamCommand {
    public Exists {
      requireNonNull(consistency, "consistency");
      requireNonNull(replyTo, "replyTo");
    }
  }

  /** Asks for everything that is known of the stream but its events. */
  record GetInfo(ReadConsistency consistency, ActorRef<StreamReply.ToGetInfo> replyTo)
      implements StreamCommand {
    public GetInfo {
      requireNonNull(consistency, "consistency");
      requireNonNull(replyTo, "replyTo");
    }
  }

  /**
   * Sent by the shard to a stream that is idle or moves to another node; never over the network.
   */
  enum Stop implements StreamCommand {
    INSTANCE
  }
}
