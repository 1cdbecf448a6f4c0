// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.sample.cloudevents.BrokenLineException;
import io.holdfast.sample.cloudevents.CloudEventParser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * One import: takes lines, window by window, and appends the events of each window, many streams at
 * a time and each stream's in the order of the lines. One window is under way at a time.
 */
final class CloudEventImport {
  private static final int STREAMS_AT_A_TIME = 32;
  private static final int MAX_STREAMS = 500_000;

  private final ActorSystem<?> system;
  private final EventStore store;
  private final CloudEventParser parser;
  private final ImportCount count = new ImportCount();
  private final Map<String, Long> versions = new HashMap<>();
  private long line;

  CloudEventImport(ActorSystem<?> system, EventStore store, CloudEventParser parser) {
    this.system = system;
    this.store = store;
    this.parser = parser;
  }

  ImportCount count() {
    return count;
  }

  /** Appends the events of the next lines. */
  CompletionStage<Done> window(List<ByteString> lines) {
    return Source.from(parse(lines).entrySet())
        .mapAsyncUnordered(
            STREAMS_AT_A_TIME,
            stream ->
                append(stream.getKey(), stream.getValue()).thenApply(done -> Done.getInstance()))
        .runWith(Sink.ignore(), system);
  }

  private Map<String, List<NewEvent<JsonNode>>> parse(List<ByteString> lines) {
    Map<String, List<NewEvent<JsonNode>>> streams = new LinkedHashMap<>();
    for (ByteString bytes : lines) {
      line++;
      if (bytes.utf8String().isBlank()) {
        continue;
      }
      count.read();
      try {
        CloudEventParser.Parsed parsed = parser.parse(bytes.toArray());
        streams.computeIfAbsent(parsed.streamId(), id -> new ArrayList<>()).add(parsed.event());
      } catch (BrokenLineException e) {
        count.failed(1, "line %d: %s".formatted(line, e.getMessage()));
      }
    }
    return streams;
  }

  private CompletionStage<Void> append(String streamId, List<NewEvent<JsonNode>> events) {
    return new ImportWindow(store, streamId, count)
        .append(events, before(streamId, events.size()));
  }

  private synchronized long before(String streamId, int events) {
    long before = versions.getOrDefault(streamId, 0L);
    if (before == 0 && versions.size() == MAX_STREAMS) {
      throw Problem.badRequest(
              "the log has more than %,d streams; import it in parts".formatted(MAX_STREAMS))
          .with("limit", MAX_STREAMS);
    }
    versions.put(streamId, before + events);
    return before;
  }
}
