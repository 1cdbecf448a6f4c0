// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import io.holdfast.eventstore.protocol.StreamReply;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The appends and changes that wait while a write is in flight, in order of arrival, bounded in
 * number and bytes.
 */
final class PendingCommands {
  /** A command that waits for its turn. */
  sealed interface Pending permits PendingAppend, PendingChange {
    int bytes();

    /** Answers that nothing came of it. */
    void refuse(StreamReply.ToAny reply);
  }

  private final ArrayDeque<Pending> queue = new ArrayDeque<>();
  private final int maxAppends;
  private final int maxBytes;
  private final String section;
  private long bytes;

  /**
   * @param section where the bounds are set
   */
  PendingCommands(int maxAppends, int maxBytes, String section) {
    this.maxAppends = maxAppends;
    this.maxBytes = maxBytes;
    this.section = section;
  }

  /** Adds the command, or answers why there is no room. The first one always has room. */
  Optional<String> offer(Pending command) {
    if (queue.size() >= maxAppends) {
      return Optional.of(
          "%,d appends wait in this stream, the limit (%s.max-pending-appends); try again after a pause, or append in batches"
              .formatted(maxAppends, section));
    }
    if (!queue.isEmpty() && bytes + command.bytes() > maxBytes) {
      return Optional.of(
          "appends of %,d bytes wait in this stream, and %,d more are above the limit of %,d (%s.max-pending-bytes); try again after a pause"
              .formatted(bytes, command.bytes(), maxBytes, section));
    }
    queue.add(command);
    bytes += command.bytes();
    return Optional.empty();
  }

  @Nullable Pending peek() {
    return queue.peek();
  }

  @Nullable Pending poll() {
    Pending next = queue.poll();
    if (next != null) {
      bytes -= next.bytes();
    }
    return next;
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  void drain(Consumer<Pending> consumer) {
    for (Pending next = poll(); next != null; next = poll()) {
      consumer.accept(next);
    }
  }
}
