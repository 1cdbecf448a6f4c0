// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.decider;

import io.holdfast.eventstore.StreamDomainEvent;
import java.util.List;

/**
 * A command was decided, and what it decided is stored.
 *
 * @param events the events that were appended, in order; empty if none were decided
 * @param state the state with these events
 * @param version the stream's version with these events; if there are none, the version that the
 *     command was decided on, 0 for a stream that does not exist
 */
public record Decided<S, E>(List<StreamDomainEvent<E>> events, S state, long version) {
  public Decided {
    events = List.copyOf(events);
  }
}
