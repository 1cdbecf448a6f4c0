// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import io.holdfast.fence.LogRow;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** Tells those who read the logs what this actor system has written to one. Thread-safe. */
final class LogSignals {
  private final List<BiConsumer<UUID, LogRow>> listeners = new CopyOnWriteArrayList<>();

  /** The listener must not block. */
  void listen(BiConsumer<UUID, LogRow> listener) {
    listeners.add(listener);
  }

  void written(UUID writer, LogRow row) {
    listeners.forEach(listener -> listener.accept(writer, row));
  }
}
