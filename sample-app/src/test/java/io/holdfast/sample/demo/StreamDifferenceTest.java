// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import io.holdfast.eventstore.EventMetadata;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.StreamDomainEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class StreamDifferenceTest {
  private static final LogStream LOG =
      new LogStream("s", List.of(event("a", 1), event("b", 2), event("c", 3)));

  @Test
  void findsNothingInEqualStreams() {
    assertThat(StreamDifference.find(LOG, stored(3))).isEmpty();
  }

  @Test
  void findsMissingAndFurtherEvents() {
    assertThat(described(stored(1)))
        .contains("stream 's': the stream has 1 events, the log has 3; the first 1 are equal");
    assertThat(described(stored(4)))
        .contains("stream 's': the stream has more events than the log, which has 3");
  }

  @Test
  void findsEachPartThatDiffers() {
    assertThat(secondIs(e -> with(e, "x", e.type(), e.version(), e.payload(), e.metadata())))
        .contains("stream 's': the id of event 2 is x, in the log b");
    assertThat(secondIs(e -> with(e, e.id(), "x", e.version(), e.payload(), e.metadata())))
        .contains("stream 's': the type of event 2 is x, in the log T");
    assertThat(secondIs(e -> with(e, e.id(), e.type(), 5, e.payload(), e.metadata())))
        .contains("stream 's': the version of event 2 is 5, in the log 2");
    assertThat(
            secondIs(e -> with(e, e.id(), e.type(), e.version(), IntNode.valueOf(7), e.metadata())))
        .contains("stream 's': the payload of event 2 is 7, in the log 2");
    assertThat(
            secondIs(
                e -> with(e, e.id(), e.type(), e.version(), e.payload(), EventMetadata.empty())))
        .hasValueSatisfying(
            text -> assertThat(text).startsWith("stream 's': the metadata of event 2 is "));
  }

  private static Optional<String> secondIs(UnaryOperator<StreamDomainEvent<JsonNode>> change) {
    List<StreamDomainEvent<JsonNode>> stored = stored(3);
    stored.set(1, change.apply(stored.get(1)));
    return described(stored);
  }

  private static Optional<String> described(List<StreamDomainEvent<JsonNode>> stored) {
    return StreamDifference.find(LOG, stored).map(StreamDifference::toString);
  }

  private static StreamDomainEvent<JsonNode> with(
      StreamDomainEvent<JsonNode> event,
      String id,
      String type,
      long version,
      JsonNode payload,
      EventMetadata metadata) {
    return new StreamDomainEvent<>(
        id, event.streamId(), type, version, event.timestamp(), payload, metadata);
  }

  private static List<StreamDomainEvent<JsonNode>> stored(int count) {
    List<StreamDomainEvent<JsonNode>> stored = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      NewEvent<JsonNode> event = event(String.valueOf((char) ('a' + i - 1)), i);
      stored.add(
          new StreamDomainEvent<>(
              String.valueOf(event.id()), "s", "T", i, 0, event.payload(), event.metadata()));
    }
    return stored;
  }

  private static NewEvent<JsonNode> event(String id, int payload) {
    return NewEvent.<JsonNode>of("T", IntNode.valueOf(payload))
        .withId(id)
        .withMetadata(EventMetadata.empty().withUserId("ada"));
  }
}
