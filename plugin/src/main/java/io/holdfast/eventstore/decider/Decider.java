// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.decider;

import java.util.List;

/**
 * The decisions of one kind of stream, and nothing else: what a command does to a state, and what
 * an event does to it. The pattern and its name are Jérémie Chassaing's, <a
 * href="https://thinkbeforecoding.com/post/2021/12/17/functional-event-sourcing-decider">Functional
 * Event Sourcing Decider</a> (2021).
 *
 * <p>All three are pure functions: they change nothing, neither the state that they are given nor
 * anything else, and give the same answer each time. A {@link CommandHandler} decides a command
 * again, on a newer state, when someone else was faster. What a decision needs to know beside the
 * state, such as the time, belongs into the command. They do not block. One decider serves any
 * number of streams and threads at the same time.
 *
 * @param <C> the commands
 * @param <S> the state that events fold into: as much as the decisions need; immutable
 * @param <E> the events
 */
public interface Decider<C, S, E> {
  /** The state of a stream without events. */
  S initialState();

  /**
   * What happens because of a command, in order; empty if nothing does.
   *
   * @throws RuntimeException to refuse the command: an exception of your own, which the caller gets
   *     as it is
   */
  List<E> decide(C command, S state);

  /**
   * The state after an event. Takes every event that the stream may hold: what has happened cannot
   * be refused.
   */
  S evolve(S state, E event);
}
