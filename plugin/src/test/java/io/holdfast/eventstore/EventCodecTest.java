// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.holdfast.feed.FeedOffset;
import io.holdfast.query.StreamReader.VersionedEvent;
import io.holdfast.serialization.EventData;
import io.holdfast.serialization.EventSerializer;
import io.holdfast.serialization.JsonEvent;
import io.holdfast.serialization.JsonEventSerializer;
import io.holdfast.serialization.RecordedEvent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventCodecTest {
  record Paid(int amount) {}

  record Shipped(String to) {}

  private static final EventMetadata METADATA = EventMetadata.empty().withUserId("ann");

  private static VersionedEvent stored(String type, Object payload) {
    EventCodec codec = new EventCodec(JsonEventSerializer.create(), () -> "id-1");
    EventData data = codec.encode("s", NewEvent.of(type, payload).withMetadata(METADATA));
    return new VersionedEvent(7, new RecordedEvent(data, 17));
  }

  private static EventCodec codec() {
    EventSerializer serializer =
        JsonEventSerializer.builder()
            .register(Paid.class)
            .register(Shipped.class)
            .upcaster(
                "Sold",
                1,
                event ->
                    List.of(
                        new JsonEvent("Paid", 1, event.payload()),
                        new JsonEvent("Shipped", 1, event.payload())))
            .upcaster("Viewed", 1, event -> List.of())
            .build();
    return new EventCodec(serializer, IdGenerator.randomUuid());
  }

  @Test
  void readsAnEventAsItIs() {
    assertThat(codec().decode("s", stored("Paid", new Paid(3)), null))
        .isEqualTo(
            List.of(new StreamDomainEvent<>("id-1", "s", "Paid", 7, 17, new Paid(3), METADATA)));
  }

  @Test
  void givesTheStoredEventsIdVersionTimeAndMetadataToAllItsParts() {
    assertThat(codec().decode("s", stored("Sold", Map.of("amount", 3, "to", "Ü")), null))
        .isEqualTo(
            List.of(
                new StreamDomainEvent<>("id-1", "s", "Paid", 7, 17, new Paid(3), METADATA),
                new StreamDomainEvent<>(
                    "id-1", "s", "Shipped", 7, 17, new Shipped("Ü"), METADATA)));
  }

  @Test
  void readsNothingOfADroppedEvent() {
    assertThat(codec().decode("s", stored("Viewed", Map.of()), null)).isEmpty();
  }

  @Test
  void saysWhichEventCannotBeRead() {
    FeedOffset offset = FeedOffset.inSingleLog(3);
    assertThatExceptionOfType(UnreadableEventException.class)
        .isThrownBy(() -> codec().decode("s", stored("Paid", Map.of("amount", "much")), offset))
        .withMessageContaining("event 7 of stream 's' (type 'Paid') cannot be read")
        .satisfies(
            failure -> {
              assertThat(failure.streamId()).isEqualTo("s");
              assertThat(failure.version()).isEqualTo(7);
              assertThat(failure.type()).isEqualTo("Paid");
              assertThat(failure.offset()).contains(offset);
            });
  }
}
