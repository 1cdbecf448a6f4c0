// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.cluster;

import java.io.IOException;
import java.time.Duration;

/**
 * Ends this JVM when the one that started it ends, however that happens: the parent holds the other
 * end of our standard input, which the operating system closes when the parent dies. The node leaves
 * the cluster in good order then; if that takes too long, it just ends.
 */
final class ParentWatch {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int PARENT_DIED = 98;

  private ParentWatch() {}

  static void start() {
    Thread watch = new Thread(ParentWatch::awaitEnd, "parent-watch");
    watch.setDaemon(true);
    watch.start();
  }

  private static void awaitEnd() {
    try {
      while (System.in.read() >= 0) {
        // Nobody says anything; only the end counts.
      }
    } catch (IOException lost) {
      // As good as the end.
    }
    new Thread(() -> System.exit(PARENT_DIED), "parent-died").start();
    try {
      Thread.sleep(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(PARENT_DIED);
  }
}
