// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers that arrive together, such as those to several batches that were sent in one request:
 * what the first of them would begin at once, and all could share, begins after the last.
 */
public final class Burst {
  private static final ThreadLocal<@Nullable Set<Runnable>> AT_END = new ThreadLocal<>();

  private Burst() {}

  /**
   * Gives the answers, on the calling thread, and then does what they left for the end.
   *
   * @param answers gives all of them; what it throws is thrown
   */
  public static void run(Runnable answers) {
    if (AT_END.get() != null) {
      answers.run();
      return;
    }
    Set<Runnable> atEnd = new LinkedHashSet<>();
    AT_END.set(atEnd);
    try {
      answers.run();
    } finally {
      AT_END.remove();
      atEnd.forEach(Runnable::run);
    }
  }

  /** Does something now or, once, when the burst that this thread is in ends. */
  static void atEnd(Runnable action) {
    Set<Runnable> atEnd = AT_END.get();
    if (atEnd == null) {
      action.run();
    } else {
      atEnd.add(action);
    }
  }
}
