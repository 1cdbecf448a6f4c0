// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.StreamDomainEvent;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The first thing in which a stored stream differs from the log.
 *
 * @param what differs, for people
 */
record StreamDifference(String streamId, String what) {
  private static final int SHOWN_CHARACTERS = 300;

  /** Compares ids, types, versions, payloads and metadata. */
  static Optional<StreamDifference> find(
      LogStream expected, List<? extends StreamDomainEvent<?>> stored) {
    List<NewEvent<JsonNode>> events = expected.events();
    int both = Math.min(events.size(), stored.size());
    for (int i = 0; i < both; i++) {
      Optional<String> difference = compare(i + 1L, events.get(i), stored.get(i));
      if (difference.isPresent()) {
        return difference.map(what -> new StreamDifference(expected.streamId(), what));
      }
    }
    return events.size() == stored.size()
        ? Optional.empty()
        : Optional.of(
            new StreamDifference(expected.streamId(), lengths(events.size(), stored.size(), both)));
  }

  private static String lengths(int expected, int stored, int equal) {
    return stored > expected
        ? "the stream has more events than the log, which has %d".formatted(expected)
        : "the stream has %d events, the log has %d; the first %d are equal"
            .formatted(stored, expected, equal);
  }

  private static Optional<String> compare(
      long version, NewEvent<JsonNode> expected, StreamDomainEvent<?> stored) {
    return differs(version, "version", version, stored.version())
        .or(() -> differs(version, "id", expected.id(), stored.id()))
        .or(() -> differs(version, "type", expected.type(), stored.type()))
        .or(() -> differs(version, "payload", expected.payload(), stored.payload()))
        .or(() -> differs(version, "metadata", expected.metadata(), stored.metadata()));
  }

  private static Optional<String> differs(
      long version, String part, @Nullable Object expected, Object stored) {
    return Objects.equals(expected, stored)
        ? Optional.empty()
        : Optional.of(
            "the %s of event %d is %s, in the log %s"
                .formatted(part, version, shown(stored), shown(expected)));
  }

  private static String shown(@Nullable Object value) {
    String text = String.valueOf(value);
    return text.length() > SHOWN_CHARACTERS ? text.substring(0, SHOWN_CHARACTERS) + "..." : text;
  }

  @Override
  public String toString() {
    return "stream '%s': %s".formatted(streamId, what);
  }
}
