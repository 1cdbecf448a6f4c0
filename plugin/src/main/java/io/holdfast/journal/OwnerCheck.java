// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import static java.util.Objects.requireNonNull;

import org.apache.pekko.actor.ActorRef;

/**
 * Asks the journal {@code holdfast.journal} whether this actor system still owned a stream after
 * the question was sent, so that an actor may answer from its memory as if it had asked all nodes.
 * For actors of the same system; the messages are not serializable.
 */
public sealed interface OwnerCheck {
  /**
   * The question, for the journal's actor. Any number may be under way; they share their cost with
   * each other and with the writes.
   *
   * @param correlation is returned with the answer
   * @param replyTo gets {@link Confirmed} or {@link Failed}
   */
  record Request(String persistenceId, long correlation, ActorRef replyTo) implements OwnerCheck {
    public Request {
      requireNonNull(persistenceId, "persistenceId");
      requireNonNull(replyTo, "replyTo");
    }
  }

  /** The stream was this system's at some moment after the question was sent. */
  record Confirmed(long correlation) implements OwnerCheck {}

  /** Another writer has taken the stream, or nobody can tell: the actor must recover. */
  record Failed(long correlation, Throwable cause) implements OwnerCheck {}
}
