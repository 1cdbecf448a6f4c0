// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import io.holdfast.journal.JournalException;
import io.holdfast.journal.OwnerAnswer;
import io.holdfast.journal.OwnerRequest;
import io.holdfast.serialization.RecordedEvent;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.pattern.CircuitBreakerOpenException;

/**
 * A stream's side of the journal, and the only class that knows both vocabularies: sequence numbers
 * there, versions here.
 *
 * <p>The stream talks to the journal itself instead of being an {@code EventSourcedBehavior},
 * because it needs what that hides: to take commands while a write is in flight, so that they can
 * share the next one; to recover without replaying anything; and to hear why a write failed without
 * being stopped by it.
 */
final class StreamJournal {
  /** What the journal answered, in the stream's words. */
  sealed interface Answer {}

  /** The stream is ours, and this is where it stands; all events up to its version are settled. */
  record Stands(long version, long deletedTo, StreamProperties properties) implements Answer {}

  /** The whole write is stored, and the stream was ours. */
  record Written() implements Answer {}

  /** Nothing of the write is stored. */
  record Rejected(Throwable cause) implements Answer {}

  /**
   * The request failed; the stream must recover.
   *
   * @param nothingStored whether it is certain that nothing came of it or will
   */
  record Failed(Throwable cause, boolean nothingStored) implements Answer {}

  private final ActorRef journal;
  private final ActorRef self;
  private final String streamId;

  /** Tells the answers to the current request from those to earlier ones. */
  private int attempt;

  StreamJournal(ActorRef journal, ActorRef self, String streamId) {
    this.journal = journal;
    this.self = self;
    this.streamId = streamId;
  }

  /** Makes the stream ours, without replaying an event. Is answered with {@link Stands}. */
  void recover() {
    attempt++;
    journal.tell(new OwnerRequest.Recover(streamId, attempt, self), self);
  }

  /** Changes the stream as a whole. Is answered with {@link Stands}. */
  void change(StreamState.Effect effect) {
    attempt++;
    journal.tell(
        new OwnerRequest.Change(
            streamId,
            attempt,
            effect.deleteTo(),
            effect.properties().map(StreamProperties::json),
            self),
        self);
  }

  /**
   * Makes sure that the stream stands where it stood. What is answered with {@link Written} was
   * true after the call.
   */
  void confirm() {
    attempt++;
    journal.tell(new OwnerRequest.Confirm(streamId, attempt, self), self);
  }

  /** Writes the events after {@code version}, all or none. Is answered with {@link Written}. */
  void write(long version, List<RecordedEvent> events) {
    attempt++;
    journal.tell(new OwnerRequest.Append(streamId, attempt, version, events, self), self);
  }

  /** Waits no longer for the answer to the current request: it is of no interest when it comes. */
  void abandon() {
    attempt++;
  }

  /** What an answer to a request means; empty if there is nothing to do. */
  Optional<Answer> interpret(OwnerAnswer message) {
    if (message instanceof OwnerAnswer.State stands) {
      return ended(message.correlation(), stands(stands));
    } else if (message instanceof OwnerAnswer.Failed failed) {
      return ended(message.correlation(), failed(failed.cause()));
    } else if (message instanceof OwnerAnswer.Rejected rejected) {
      return ended(message.correlation(), new Rejected(rejected.cause()));
    }
    return ended(message.correlation(), new Written());
  }

  private static Answer stands(OwnerAnswer.State state) {
    try {
      return new Stands(
          state.highestSequenceNr(), state.deletedTo(), StreamProperties.of(state.properties()));
    } catch (IllegalArgumentException unreadable) {
      return new Failed(unreadable, false);
    }
  }

  /** What answers an earlier request is of no interest any more. */
  private Optional<Answer> ended(long answered, Answer answer) {
    if (answered != attempt) {
      return Optional.empty();
    }
    attempt++;
    return Optional.of(answer);
  }

  /** What to tell a client of a failure. */
  static String reason(Throwable cause) {
    return cause instanceof CircuitBreakerOpenException
        ? "the journal has failed too often, as it does when Cassandra does not answer, and refuses requests for a moment (circuit breaker); see its log"
        : String.valueOf(cause.getMessage());
  }

  private static Failed failed(Throwable cause) {
    boolean nothingStored =
        cause instanceof CircuitBreakerOpenException
            || (cause instanceof JournalException failure
                && failure.outcome() == JournalException.Outcome.UNAVAILABLE);
    return new Failed(cause, nothingStored);
  }
}
