// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.failover;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** What the clients of one stream were told. Thread-safe. */
final class StreamLedger {
  private final String streamId;
  private final List<Acknowledgement> acknowledged = new ArrayList<>();
  private final Set<String> conflicted = new HashSet<>();
  private final Set<String> unsettled = new HashSet<>();

  StreamLedger(String streamId) {
    this.streamId = streamId;
  }

  String streamId() {
    return streamId;
  }

  synchronized void acknowledged(Acknowledgement event) {
    acknowledged.add(event);
  }

  /** The event was refused: it must never be seen. */
  synchronized void conflicted(String eventId) {
    conflicted.add(eventId);
  }

  /** The run ended before anybody knew whether the event is stored: it may be seen, once. */
  synchronized void unsettled(String eventId) {
    unsettled.add(eventId);
  }

  synchronized List<Acknowledgement> acknowledged() {
    return List.copyOf(acknowledged);
  }

  synchronized Set<String> conflicted() {
    return Set.copyOf(conflicted);
  }

  synchronized Set<String> unsettled() {
    return Set.copyOf(unsettled);
  }

  /** When the first event was stored that was sent after an instant; empty if none was yet. */
  synchronized OptionalLong writableAgain(long sinceNanos) {
    return acknowledged.stream()
        .filter(event -> event.sentNanos() - sinceNanos >= 0 && !event.repeated())
        .mapToLong(event -> event.answeredNanos() - sinceNanos)
        .min();
  }
}
