// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.eventstore.NewEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An event log to append, whole in memory.
 *
 * @param streams in the order of their first events
 */
record EventLog(List<LogStream> streams) {
  EventLog {
    streams = List.copyOf(streams);
  }

  int eventCount() {
    return streams.stream().mapToInt(stream -> stream.events().size()).sum();
  }

  /** Sorts the events of a log into streams. */
  static final class Builder {
    private final Map<String, List<NewEvent<JsonNode>>> streams = new LinkedHashMap<>();

    void add(String streamId, NewEvent<JsonNode> event) {
      streams.computeIfAbsent(streamId, id -> new ArrayList<>()).add(event);
    }

    EventLog build() {
      List<LogStream> sorted = new ArrayList<>(streams.size());
      streams.forEach((streamId, events) -> sorted.add(new LogStream(streamId, events)));
      return new EventLog(sorted);
    }
  }
}
