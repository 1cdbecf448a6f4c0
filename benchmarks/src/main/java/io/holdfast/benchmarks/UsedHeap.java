// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.lang.management.ManagementFactory;

/** What this JVM's live objects occupy. */
final class UsedHeap {
  private UsedHeap() {}

  /** In bytes, after collections of garbage: the second takes what the first has let go. */
  static long bytes() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
