// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.failover;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * What came of a round.
 *
 * @param victim the node that died
 * @param shards that it hosted
 * @param clients that appended
 * @param acknowledgedBefore events acknowledged before the node died
 * @param writableAgain how long each stream took to store an event sent after the death, shortest
 *     first
 * @param tally what clients were answered
 * @param wrong what differs from what they were answered; empty if the guarantees held
 */
record FailoverResult(
    URI victim,
    int shards,
    int clients,
    long acknowledgedBefore,
    List<Duration> writableAgain,
    Tally tally,
    List<String> wrong) {
  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  boolean held() {
    return wrong.isEmpty() && tally.unsettled.sum() == 0;
  }

  /** Streams that did not notice: they were writable within a second. */
  long undisturbed() {
    return writableAgain.stream().filter(time -> time.compareTo(AT_ONCE) < 0).count();
  }

  Duration longest() {
    return writableAgain.get(writableAgain.size() - 1);
  }
}
