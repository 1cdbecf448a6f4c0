// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.persistence.query.EventEnvelope;

/** When each event was acknowledged, and when it was delivered. For one run. Thread-safe. */
final class Deliveries {
  private record Event(String persistenceId, long sequenceNr) {}

  private final Map<Event, Long> acknowledgedNanos = new HashMap<>();
  private final Map<Event, Long> deliveredNanos = new HashMap<>();
  private final Semaphore matched = new Semaphore(0);
  private int written;
  private long countedFromNanos = System.nanoTime();

  /** Tells of an event that is about to be written. */
  synchronized void written() {
    written++;
  }

  /** What was acknowledged before does not count. */
  synchronized void countFromNow() {
    countedFromNanos = System.nanoTime();
  }

  void acknowledged(String persistenceId, long sequenceNr) {
    match(new Event(persistenceId, sequenceNr), acknowledgedNanos, deliveredNanos);
  }

  /** An event that is delivered again was delivered the first time. */
  void delivered(EventEnvelope envelope) {
    match(
        new Event(envelope.persistenceId(), envelope.sequenceNr()),
        deliveredNanos,
        acknowledgedNanos);
  }

  private void match(Event event, Map<Event, Long> times, Map<Event, Long> others) {
    long now = System.nanoTime();
    synchronized (this) {
      if (times.putIfAbsent(event, now) == null && others.containsKey(event)) {
        matched.release();
      }
    }
  }

  /**
   * Waits for all events that were written; answers how long after its acknowledgement each was
   * delivered, 0 where it was before.
   *
   * @param end of the subscription
   */
  Measurement await(Duration timeout, CompletionStage<Done> end) throws InterruptedException {
    int expected;
    synchronized (this) {
      expected = written;
    }
    if (!matched.tryAcquire(expected, timeout.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new IllegalStateException(
          "of %d events, %d were acknowledged and delivered within %s (%s)"
              .formatted(expected, matched.availablePermits(), timeout, end));
    }
    Measurement.Recorder recorder = new Measurement.Recorder();
    synchronized (this) {
      acknowledgedNanos.forEach(
          (event, acknowledged) -> {
            if (acknowledged - countedFromNanos >= 0) {
              recorder.record(
                  Math.max(0, deliveredNanos.getOrDefault(event, acknowledged) - acknowledged));
            }
          });
    }
    return recorder.close();
  }
}
