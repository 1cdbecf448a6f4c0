// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The ids of a stream's most recent events: so many at least, and all that were recorded in so long
 * a time. Not thread-safe.
 */
final class RecentIds {
  /**
   * How far back a stream knows its ids.
   *
   * @param events the fewest events, unless the stream has less
   * @param millis all events of so long a time, too
   */
  record Window(int events, long millis) {
    /** Whether an event is out of the window. */
    boolean excludes(long versionsAfter, long timestampMillis, long nowMillis) {
      return versionsAfter >= events && timestampMillis < nowMillis - millis;
    }
  }

  private record Entry(String id, long version, long timestampMillis) {}

  private final Window window;
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private final Map<String, Long> versions = new HashMap<>();

  RecentIds(Window window) {
    this.window = window;
  }

  /** Adds the event that follows the last one, and forgets those that have left the window. */
  void add(String id, long version, long timestampMillis) {
    entries.add(new Entry(id, version, timestampMillis));
    versions.put(id, version);
    for (Entry oldest = entries.getFirst();
        window.excludes(version - oldest.version(), oldest.timestampMillis(), timestampMillis);
        oldest = entries.getFirst()) {
      forget(entries.removeFirst());
    }
  }

  /** Forgets events up to a version, which are deleted. */
  void forgetTo(long version) {
    while (!entries.isEmpty() && entries.getFirst().version() <= version) {
      forget(entries.removeFirst());
    }
  }

  private void forget(Entry entry) {
    versions.remove(entry.id(), entry.version());
  }

  /** The version at which an event with the id stands; empty if none is known. */
  OptionalLong versionOf(String id) {
    Long version = versions.get(id);
    return version == null ? OptionalLong.empty() : OptionalLong.of(version);
  }
}
