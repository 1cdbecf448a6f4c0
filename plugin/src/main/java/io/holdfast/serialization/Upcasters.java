// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Upcasters by what they take, run one after the other until none takes the event. Immutable. */
final class Upcasters {
  /** More for one stored event are a circle that gains a version with each turn. */
  private static final int MAX_STEPS = 1_000;

  /** What an upcaster takes. */
  private record Source(String type, int schemaVersion) {
    static Source of(JsonEvent event) {
      return new Source(event.type(), event.schemaVersion());
    }

    @Override
    public String toString() {
      return "event type '%s', schema version %d".formatted(type, schemaVersion);
    }
  }

  private final Map<Source, Upcaster> upcasters;

  private Upcasters(Map<Source, Upcaster> upcasters) {
    this.upcasters = Map.copyOf(upcasters);
  }

  static Upcasters none() {
    return new Upcasters(Map.of());
  }

  Upcasters with(String type, int schemaVersion, Upcaster upcaster) {
    Source source = new Source(type, schemaVersion);
    Map<Source, Upcaster> more = new HashMap<>(upcasters);
    if (more.put(source, upcaster) != null) {
      throw new IllegalArgumentException("%s has an upcaster already".formatted(source));
    }
    return new Upcasters(more);
  }

  boolean take(String type, int schemaVersion) {
    return upcasters.containsKey(new Source(type, schemaVersion));
  }

  /** What a stored event is today, in order. */
  List<JsonEvent> upcast(JsonEvent stored) {
    List<JsonEvent> done = new ArrayList<>();
    Deque<JsonEvent> pending = new ArrayDeque<>();
    pending.push(stored);
    int steps = 0;
    while (!pending.isEmpty()) {
      JsonEvent event = pending.pop();
      Upcaster upcaster = upcasters.get(Source.of(event));
      if (upcaster == null) {
        done.add(event);
        continue;
      }
      steps++;
      if (steps > MAX_STEPS) {
        throw new SerializationException(
            "%s was upcast %,d times and has come to %s; upcasters must not lead in a circle"
                .formatted(Source.of(stored), MAX_STEPS, Source.of(event)));
      }
      List<JsonEvent> results = run(upcaster, event);
      for (int i = results.size() - 1; i >= 0; i--) {
        pending.push(results.get(i));
      }
    }
    return done;
  }

  private static List<JsonEvent> run(Upcaster upcaster, JsonEvent event) {
    Source source = Source.of(event);
    List<JsonEvent> results;
    try {
      results = List.copyOf(upcaster.upcast(event));
    } catch (RuntimeException e) { // whatever an upcaster throws
      throw new SerializationException(
          "the upcaster of %s failed: %s".formatted(source, e.getMessage()), e);
    }
    for (JsonEvent result : results) {
      if (Source.of(result).equals(source)) {
        throw new SerializationException(
            "the upcaster of %s returned the same type and version; it must change one of them"
                .formatted(source));
      }
    }
    return results;
  }
}
