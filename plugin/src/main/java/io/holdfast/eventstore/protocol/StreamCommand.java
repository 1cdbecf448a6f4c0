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
   * @param expectedVersion what the stream's version must be, 0 for a new stream; empty for
   *     whatever it is
   */
  record Append(
      EventData event, OptionalLong expectedVersion, ActorRef<StreamReply.ToAppend> replyTo)
      implements StreamCommand {
    public Append {
      requireNonNull(event, "event");
      requireNonNull(expectedVersion, "expectedVersion");
      requireNonNull(replyTo, "replyTo");
    }
  }

  /**
   * Appends all events in order, or none. An empty batch writes nothing, and is answered with the
   * current version.
   *
   * @param expectedVersion what the stream's version must be, 0 for a new stream; empty for
   *     whatever it is
   */
  record AppendBatch(
      List<EventData> events, OptionalLong expectedVersion, ActorRef<StreamReply.ToAppend> replyTo)
      implements StreamCommand {
    public AppendBatch {
      events = List.copyOf(events);
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

  /**
   * Sent by the shard to a stream that is idle or moves to another node; never over the network.
   */
  enum Stop implements StreamCommand {
    INSTANCE
  }
}
