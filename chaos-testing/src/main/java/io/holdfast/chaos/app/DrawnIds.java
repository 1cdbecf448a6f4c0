// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.app;

import io.holdfast.eventstore.IdGenerator;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Where a store draws the ids of events that come without: they are those of the history, which has
 * to know them before. Thread-safe.
 */
public final class DrawnIds implements IdGenerator {
  private final ThreadLocal<Queue<String>> next = ThreadLocal.withInitial(ArrayDeque::new);

  /** Whether an event with that id is given to the store without it. */
  public static boolean isDrawn(String id) {
    return id.contains("-drawn-");
  }

  /** Lets these ids be drawn while a call runs, in their order. */
  <T> T during(List<String> ids, Supplier<T> call) {
    next.get().addAll(ids);
    T result = call.get();
    if (!next.get().isEmpty()) {
      throw new IllegalStateException("the store has drawn ids later, or none: " + next.get());
    }
    return result;
  }

  @Override
  public String nextId() {
    return next.get().remove();
  }
}
