// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import static java.util.Objects.requireNonNull;

import io.holdfast.serialization.RecordedEvent;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.ActorRef;

/**
 * What an actor may ask of the journal {@code holdfast.journal} beside Pekko's journal protocol.
 * For actors of the same system; the messages are not serializable. Requests and writes of one
 * stream are carried out in the order in which they are sent, and each is answered once with an
 * {@link OwnerAnswer}.
 */
public sealed interface OwnerRequest {
  /** The stream. */
  String persistenceId();

  /** Is returned with the answer. */
  long correlation();

  /** Gets the {@link OwnerAnswer}. */
  ActorRef replyTo();

  /**
   * Makes this actor system the stream's owner, as a recovery does, without replaying an event. Is
   * answered with {@link OwnerAnswer.State}.
   */
  record Recover(String persistenceId, long correlation, ActorRef replyTo) implements OwnerRequest {
    public Recover {
      requireNonNull(persistenceId, "persistenceId");
      requireNonNull(replyTo, "replyTo");
    }
  }

  /**
   * Asks whether this actor system still owned the stream after the question was sent, so that an
   * actor may answer from its memory as if it had asked all nodes. Any number may be under way;
   * they share their cost with each other and with the writes. Is answered with {@link
   * OwnerAnswer.Confirmed}.
   */
  record Confirm(String persistenceId, long correlation, ActorRef replyTo) implements OwnerRequest {
    public Confirm {
      requireNonNull(persistenceId, "persistenceId");
      requireNonNull(replyTo, "replyTo");
    }
  }

  /**
   * Stores events of an event store after the stream's last one, all or none, if this actor system
   * is its owner. Is answered with {@link OwnerAnswer.Appended} or {@link OwnerAnswer.Rejected}.
   *
   * @param highestSequenceNr where the stream stands; the events get the numbers that follow
   * @param events at least one
   */
  record Append(
      String persistenceId,
      long correlation,
      long highestSequenceNr,
      List<RecordedEvent> events,
      ActorRef replyTo)
      implements OwnerRequest {
    public Append {
      requireNonNull(persistenceId, "persistenceId");
      requireNonNull(events, "events");
      requireNonNull(replyTo, "replyTo");
    }
  }

  /**
   * Deletes events and replaces what is kept with the stream, both at once, if this actor system is
   * its owner. Is answered with {@link OwnerAnswer.State}.
   *
   * @param deleteTo events up to here are deleted; 0 for none
   * @param properties what to keep; empty to leave it
   */
  record Change(
      String persistenceId,
      long correlation,
      long deleteTo,
      Optional<String> properties,
      ActorRef replyTo)
      implements OwnerRequest {
    public Change {
      requireNonNull(persistenceId, "persistenceId");
      requireNonNull(properties, "properties");
      requireNonNull(replyTo, "replyTo");
    }
  }
}
