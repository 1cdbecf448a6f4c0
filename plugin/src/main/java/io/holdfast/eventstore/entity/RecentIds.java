// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.OptionalLong;
import java.util.function.Predicate;

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

  private record Event(long version, long timestampMillis) {}

  private final Window window;

  /** By id, in the order of versions. */
  private final LinkedHashMap<String, Event> events = new LinkedHashMap<>();

  RecentIds(Window window) {
    this.window = window;
  }

  /** Adds the event that follows the last one, and forgets those that have left the window. */
  void add(String id, long version, long timestampMillis) {
    Event event = new Event(version, timestampMillis);
    if (events.put(id, event) != null) {
      // It took the place of an earlier event; the order is that of versions.
      events.remove(id);
      events.put(id, event);
    }
    forgetWhile(
        oldest ->
            window.excludes(version - oldest.version(), oldest.timestampMillis(), timestampMillis));
  }

  /** Forgets events up to a version, which are deleted. */
  void forgetTo(long version) {
    forgetWhile(oldest -> oldest.version() <= version);
  }

  private void forgetWhile(Predicate<Event> forgotten) {
    Iterator<Event> oldest = events.values().iterator();
    while (oldest.hasNext() && forgotten.test(oldest.next())) {
      oldest.remove();
    }
  }

  /** The version at which an event with the id stands; empty if none is known. */
  OptionalLong versionOf(String id) {
    Event event = events.get(id);
    return event == null ? OptionalLong.empty() : OptionalLong.of(event.version());
  }
}
