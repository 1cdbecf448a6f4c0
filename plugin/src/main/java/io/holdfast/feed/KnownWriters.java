// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import static java.util.Objects.requireNonNull;

import io.holdfast.fence.RegisteredWriter;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * The list of all writers, as far as it was read: it grows, and the logs of those on it end. Apart
 * from {@link #add}, no method goes through it. Thread-safe.
 */
final class KnownWriters {
  private final Map<Long, RegisteredWriter> byNumber = new ConcurrentHashMap<>();
  private final Map<UUID, Long> numbers = new ConcurrentHashMap<>();
  private final NavigableSet<Long> living = new ConcurrentSkipListSet<>();
  private volatile long last = RegisteredWriter.FIRST_NUMBER - 1;

  /** The highest number; 0 if there is none. */
  long last() {
    return last;
  }

  /**
   * @param number up to {@link #last}
   */
  RegisteredWriter get(long number) {
    return requireNonNull(byNumber.get(number), () -> "writer " + number + " is not known");
  }

  OptionalLong numberOf(UUID writer) {
    Long number = numbers.get(writer);
    return number == null ? OptionalLong.empty() : OptionalLong.of(number);
  }

  boolean isLiving(UUID writer) {
    Long number = numbers.get(writer);
    return number != null && living.contains(number);
  }

  /** Those whose logs have not ended, as of now, by their numbers from one to another. */
  List<RegisteredWriter> living(long first, long end) {
    return living.subSet(first, end).stream().map(this::get).toList();
  }

  /** Those whose logs have not ended, as of now. */
  List<RegisteredWriter> living() {
    return living(RegisteredWriter.FIRST_NUMBER, Long.MAX_VALUE);
  }

  /** Takes note of entries of the list; answers whether that changes anything. */
  synchronized boolean add(List<RegisteredWriter> found) {
    boolean changed = false;
    for (RegisteredWriter writer : found) {
      long number = writer.number();
      boolean isNew = number == last + 1;
      boolean hasEnded = writer.end().isPresent();
      if (!isNew && !(hasEnded && living.contains(number))) {
        continue;
      }
      byNumber.put(number, writer);
      numbers.put(writer.id(), number);
      if (hasEnded) {
        living.remove(number);
      } else {
        living.add(number);
      }
      last = isNew ? number : last;
      changed = true;
    }
    return changed;
  }
}
