// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.run;

import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which streams the clients use: a few at a time that all of them meet in, and new ones as time
 * goes by, so that none becomes too long to be read whole. Thread-safe.
 */
final class Streams {
  private static final int IN_USE = 40;
  private static final int OPERATIONS_TO_A_STREAM = 150;

  /** One of so many streams is truncated, deleted, limited or closed. */
  private static final int DELETABLE = 5;

  private final AtomicLong operations = new AtomicLong();
  private final Set<String> used = new ConcurrentSkipListSet<>();

  /** The stream of the next operation. */
  String next(Random random) {
    long oldest = operations.incrementAndGet() / OPERATIONS_TO_A_STREAM;
    String stream = "stream-" + (oldest + random.nextInt(IN_USE));
    used.add(stream);
    return stream;
  }

  static boolean isDeletable(String stream) {
    return Long.parseLong(stream.substring(stream.indexOf('-') + 1)) % DELETABLE == 0;
  }

  /** All that were ever used. */
  Set<String> used() {
    return used;
  }
}
