// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import static io.holdfast.it.Stages.failure;
import static io.holdfast.it.Stages.get;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.cql.Row;
import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.ReadStreamResult;
import io.holdfast.eventstore.RejectedException;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.it.TestCluster;
import io.holdfast.serialization.BinaryEventSerializer;
import io.holdfast.serialization.CompositeEventSerializer;
import io.holdfast.serialization.CompressingEventSerializer;
import io.holdfast.serialization.EncryptingEventSerializer;
import io.holdfast.serialization.EncryptionKeys;
import io.holdfast.serialization.EventSerializer;
import io.holdfast.serialization.JsonEvent;
import io.holdfast.serialization.JsonEventSerializer;
import io.holdfast.testkit.CassandraExtension;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.Supervision;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Events of several programs on one stream: what stands in their rows, and what each program reads.
 * About every second append crosses the network.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EvolvedEventsTest {
  record Placed(String item, String currency) {}

  record Shipped(String carrier) {}

  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final String LONG = "once upon a time ".repeat(200);

  private String keyspace;
  private TestCluster cluster;

  @BeforeAll
  void start() {
    keyspace = CASSANDRA.newKeyspaceName();
    cluster = TestCluster.start(CASSANDRA, keyspace, 2, "");
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private EventStore store(int node, EventSerializer serializer) {
    return EventStore.builder(cluster.node(node).system()).serializer(serializer).start();
  }

  private static EventSerializer today() {
    return JsonEventSerializer.builder()
        .register(Shipped.class)
        .register("Placed", Placed.class, 2)
        .upcaster("Placed", 1, event -> List.of(event.next(event.object().put("currency", "EUR"))))
        .upcaster(
            "Sold",
            1,
            event ->
                List.of(
                    new JsonEvent("Placed", 1, event.payload()),
                    new JsonEvent("Shipped", 1, event.payload())))
        .upcaster("Viewed", 1, event -> List.of())
        .build();
  }

  private static String newStream() {
    return "stream-" + UUID.randomUUID();
  }

  private Row row(String stream, long version) {
    return CASSANDRA
        .session()
        .execute(
            "SELECT content_type, json, payload FROM %s.events WHERE persistence_id = ? AND partition_nr = 0 AND seq_nr = ?"
                .formatted(keyspace),
            stream,
            version)
        .one();
  }

  private static List<Object> payloads(ReadStreamResult read) {
    return read.events().stream().<Object>map(StreamDomainEvent::payload).toList();
  }

  @Test
  void keepsTheSchemaVersionInItsRowBesideReadableJson() {
    for (int node = 0; node < 2; node++) {
      String stream = newStream();
      EventStore store = store(node, today());
      get(store.append(AppendEventInput.of(stream, NewEvent.of(new Placed("Bücher", "SEK")))));
      Row row = row(stream, 1);
      assertThat(row.getString("content_type")).isEqualTo("application/json; schema=2");
      assertThat(row.getString("json")).isEqualTo("{\"item\":\"Bücher\",\"currency\":\"SEK\"}");
      assertThat(row.isNull("payload")).isTrue();
      assertThat(payloads(get(store(1 - node, today()).readStream(stream))))
          .containsExactly(new Placed("Bücher", "SEK"));
      EventStore older = store(node, JsonEventSerializer.builder().register(Placed.class).build());
      assertThat(failure(older.readStream(stream), RejectedException.class))
          .hasMessageContaining("schema version 2")
          .hasMessageContaining("version 1 is registered");
      assertThat(get(cluster.store(node).readStream(stream)).events().get(0).payload())
          .isInstanceOf(JsonNode.class);
    }
  }

  @Test
  void countsStoredEventsWhereUpcastersSplitAndDrop() {
    String stream = newStream();
    get(
        cluster
            .store(0)
            .appendBatch(
                AppendBatchInput.of(
                    stream,
                    List.of(
                        NewEvent.of("Sold", Map.of("item", "book", "carrier", "bike")),
                        NewEvent.of("Viewed", Map.of()),
                        NewEvent.of("Viewed", Map.of()),
                        NewEvent.of("Placed", Map.of("item", "map"))))));
    EventStore store = store(1, today());
    ReadStreamOptions all = ReadStreamOptions.all();

    ReadStreamResult first = get(store.readStream(stream, all.limit(1)));
    assertThat(first.events())
        .extracting(StreamDomainEvent::type)
        .isEqualTo(List.of("Placed", "Shipped"));
    assertThat(first.events()).extracting(StreamDomainEvent::version).isEqualTo(List.of(1L, 1L));
    assertThat(first.events().get(0).id()).isEqualTo(first.events().get(1).id());
    assertThat(first.continueFrom()).hasValue(2);

    ReadStreamResult dropped = get(store.readStream(stream, all.fromVersion(2).limit(2)));
    assertThat(dropped.events()).isEmpty();
    assertThat(dropped.continueFrom()).hasValue(4);

    List<Object> whole =
        List.of(new Placed("book", "EUR"), new Shipped("bike"), new Placed("map", "EUR"));
    assertThat(payloads(get(store.readStream(stream)))).isEqualTo(whole);
    for (int limit = 0; limit <= 4; limit++) {
      ReadStreamOptions options = limit == 0 ? all : all.limit(limit);
      assertThat(
              get(
                  store
                      .streamEvents(stream, options)
                      .<Object>map(StreamDomainEvent::payload)
                      .runWith(Sink.seq(), cluster.node(1).system())))
          .isEqualTo(limit == 0 || limit == 4 ? whole : whole.subList(0, 2));
    }
  }

  @Test
  void leavesOutWhatCannotBeReadIfTheReaderSaysSo() {
    String stream = newStream();
    List<NewEvent<?>> events =
        List.of(
            NewEvent.of(new Placed("book", "SEK")),
            NewEvent.of(new Shipped("bike")),
            NewEvent.of(new Placed("map", "SEK")));
    get(store(0, today()).appendBatch(AppendBatchInput.of(stream, events)));
    EventStore older =
        store(
            1,
            JsonEventSerializer.builder().register(Shipped.class).register(Placed.class).build());
    assertThat(
            get(
                older
                    .streamEvents(stream, ReadStreamOptions.all())
                    .<Object>map(StreamDomainEvent::payload)
                    .withAttributes(
                        ActorAttributes.withSupervisionStrategy(Supervision.getResumingDecider()))
                    .runWith(Sink.seq(), cluster.node(1).system())))
        .isEqualTo(List.of(new Shipped("bike")));
  }

  @Test
  void readsAStreamOfSeveralContentTypes() {
    EncryptionKeys keys =
        new EncryptionKeys() {
          @Override
          public Optional<String> keyIdFor(String type, Object payload) {
            return payload instanceof Shipped ? Optional.of("ключ \"1\"") : Optional.empty();
          }

          @Override
          public Optional<SecretKey> key(String keyId) {
            return keyId.equals("ключ \"1\"")
                ? Optional.of(new SecretKeySpec(new byte[32], "AES"))
                : Optional.empty();
          }
        };
    EventSerializer texts =
        BinaryEventSerializer.builder("text/plain")
            .register("Said", String.class, text -> text.getBytes(UTF_8), b -> new String(b, UTF_8))
            .build();
    EventSerializer serializer =
        EncryptingEventSerializer.of(
            CompressingEventSerializer.of(
                CompositeEventSerializer.of(today()).with("text/plain", texts)),
            keys);
    List<Object> written =
        List.of(new Placed("book", "SEK"), new Placed(LONG, "SEK"), "ä", new Shipped(LONG), "");
    String stream = newStream();
    IntStream.range(0, written.size())
        .forEach(
            i ->
                get(
                    store(i % 2, serializer)
                        .append(AppendEventInput.of(stream, NewEvent.of(written.get(i))))));
    assertThat(payloads(get(store(0, serializer).readStream(stream)))).isEqualTo(written);
    assertThat(IntStream.rangeClosed(1, 5).mapToObj(i -> row(stream, i)))
        .extracting(row -> row.getString("content_type"))
        .containsExactly(
            "application/json; schema=2",
            "application/vnd.holdfast.gzip; content=\"application/json; schema=2\"",
            "text/plain",
            "application/vnd.holdfast.aes-gcm; key=\"ключ \\\"1\\\"\"; content=\"application/vnd.holdfast.gzip; content=\\\"application/json\\\"\"",
            "text/plain");
    assertThat(IntStream.rangeClosed(1, 5).mapToObj(i -> row(stream, i).isNull("json")))
        .containsExactly(false, true, true, true, true);
  }
}
