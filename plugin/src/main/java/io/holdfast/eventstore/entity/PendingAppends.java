// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The appends that wait while a write is in flight, in order of arrival, bounded in number and
 * bytes.
 */
final class PendingAppends {
  private final ArrayDeque<PendingAppend> queue = new ArrayDeque<>();
  private final int maxAppends;
  private final int maxBytes;
  private long bytes;

  PendingAppends(int maxAppends, int maxBytes) {
    this.maxAppends = maxAppends;
    this.maxBytes = maxBytes;
  }

  /** Adds the append, or answers why there is no room. The first one always has room. */
  Optional<String> offer(PendingAppend append) {
    if (queue.size() >= maxAppends) {
      return Optional.of(
          "%,d appends wait in this stream, the limit (holdfast.event-store.max-pending-appends); try again after a pause, or append in batches"
              .formatted(maxAppends));
    }
    if (!queue.isEmpty() && bytes + append.bytes() > maxBytes) {
      return Optional.of(
          "appends of %,d bytes wait in this stream, and %,d more are above the limit of %,d (holdfast.event-store.max-pending-bytes); try again after a pause"
              .formatted(bytes, append.bytes(), maxBytes));
    }
    queue.add(append);
    bytes += append.bytes();
    return Optional.empty();
  }

  @Nullable PendingAppend peek() {
    return queue.peek();
  }

  @Nullable PendingAppend poll() {
    PendingAppend next = queue.poll();
    if (next != null) {
      bytes -= next.bytes();
    }
    return next;
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  void drain(Consumer<PendingAppend> consumer) {
    for (PendingAppend next = poll(); next != null; next = poll()) {
      consumer.accept(next);
    }
  }
}
