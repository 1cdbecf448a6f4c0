// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import static io.holdfast.it.Stages.failure;
import static io.holdfast.it.Stages.get;
import static io.holdfast.testkit.StreamAssert.assertStream;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.AppendBatchResult;
import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.AppendOutcome;
import io.holdfast.eventstore.ConcurrencyException;
import io.holdfast.eventstore.EventMetadata;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.it.Guide;
import io.holdfast.it.TestCluster;
import io.holdfast.serialization.JsonEventSerializer;
import io.holdfast.testkit.CassandraExtension;
import io.holdfast.testkit.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The examples of {@code docs/appending.md}, and what the page says beside them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AppendingGuideTest {
  sealed interface OrderEvent {}

  record OrderPlaced(String item, int quantity) implements OrderEvent {}

  record OrderPaid(int amount) implements OrderEvent {}

  record OrderShipped(String carrier) implements OrderEvent {}

  static class Orders {
    static CompletionStage<AppendBatchResult> place(EventStore store) {
      return store
          .append(
              AppendEventInput.of("Order|17", NewEvent.of(new OrderPlaced("book", 2)))
                  .withExpectedVersion(ExpectedVersion.noStream()))
          .thenCompose(
              placed ->
                  store.appendBatch(
                      AppendBatchInput.of(
                              "Order|17",
                              List.of(
                                  NewEvent.of(new OrderPaid(40)),
                                  NewEvent.of(new OrderShipped("bike"))))
                          .withExpectedVersion(placed.currentVersion())));
    }
  }

  static class Answers {
    static String answer(AppendOutcome outcome) {
      if (outcome instanceof AppendOutcome.Appended done) {
        return "201 version " + done.currentVersion();
      } else if (outcome instanceof AppendOutcome.AlreadyAppended before) {
        return "200 version " + before.currentVersion();
      } else if (outcome instanceof AppendOutcome.Conflict conflict) {
        return "409 now at version " + conflict.exception().actualVersion();
      } else if (outcome instanceof AppendOutcome.Rejected rejected) {
        return "400 " + rejected.exception().getMessage();
      }
      return "503 try again with the same event ids"; // overloaded, unavailable, unknown
    }
  }

  static class Again {
    static CompletionStage<List<AppendOutcome>> placeTwice(EventStore store, String commandId) {
      AppendEventInput<OrderPlaced> input =
          AppendEventInput.of(
              "Order|18", NewEvent.of(new OrderPlaced("map", 1)).withId(commandId + "/placed"));
      return store
          .tryAppend(input) // Appended
          .thenCompose(
              first ->
                  store
                      .tryAppend(input) // AlreadyAppended, at the same version
                      .thenApply(again -> List.of(first, again)));
    }
  }

  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  /** A window of two events and six minutes. */
  private static final String SETTINGS =
      """
      holdfast.event-store {
        deduplication-window = 2
        append-timeout = 3 minutes
      }
      """;

  private final TestClock clock = TestClock.at(Instant.parse("2026-01-01T00:00:00Z"));
  private String keyspace;
  private TestCluster cluster;
  private EventStore store;

  @BeforeAll
  void start() {
    keyspace = CASSANDRA.newKeyspaceName();
    startCluster();
  }

  private void startCluster() {
    cluster =
        TestCluster.start(
            CASSANDRA,
            keyspace,
            2,
            SETTINGS,
            builder ->
                builder
                    .serializer(JsonEventSerializer.builder().register(OrderEvent.class).build())
                    .clock(clock));
    store = cluster.store(1);
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private static String newStream() {
    return "Order|" + UUID.randomUUID();
  }

  private static NewEvent<OrderPlaced> placed(int quantity) {
    return NewEvent.of(new OrderPlaced("book", quantity)).withId("placed-" + quantity);
  }

  private AppendOutcome append(String stream, ExpectedVersion expected, NewEvent<?>... events) {
    return get(
        store.tryAppend(
            AppendBatchInput.of(stream, List.of(events)).withExpectedVersion(expected)));
  }

  private static ConcurrencyException conflict(AppendOutcome outcome) {
    assertThat(outcome).isInstanceOf(AppendOutcome.Conflict.class);
    return ((AppendOutcome.Conflict) outcome).exception();
  }

  @Test
  void appends() {
    CompletionStage<AppendBatchResult> shipped = Orders.place(store);

    assertThat(get(shipped).currentVersion()).isEqualTo(3);
    assertStream(store, "Order|17").hasEventTypes("OrderPlaced", "OrderPaid", "OrderShipped");
    AppendEventInput<?> input = AppendEventInput.of("Order|17", "OrderLost", Map.of());
    ConcurrencyException stale =
        failure(store.append(input.withExpectedVersion(2)), ConcurrencyException.class);
    assertThat(stale.expectedVersion()).isEqualTo(2);
    assertThat(stale.actualVersion()).isEqualTo(3);
    assertThat(append("Order|17", ExpectedVersion.streamExists()))
        .isEqualTo(new AppendOutcome.Appended(List.of(), 3));
    conflict(append(newStream(), ExpectedVersion.streamExists(), placed(1)));
    conflict(append("Order|17", ExpectedVersion.noStream(), placed(1)));
    conflict(append(newStream(), ExpectedVersion.exactly(1), placed(1)));
  }

  @Test
  void answersAsHttpWould() {
    String stream = newStream();
    ExpectedVersion first = ExpectedVersion.exactly(0);
    assertThat(Answers.answer(append(stream, first, placed(1)))).isEqualTo("201 version 1");
    assertThat(Answers.answer(append(stream, first, placed(1)))).isEqualTo("200 version 1");
    assertThat(Answers.answer(append(stream, first, placed(2)))).isEqualTo("409 now at version 1");
    assertThat(Answers.answer(append(stream, ExpectedVersion.exactly(-1), placed(3))))
        .startsWith("400 ");
  }

  @Test
  void retriesWithoutDoubling() {
    String commandId = UUID.randomUUID().toString();
    List<AppendOutcome> outcomes = get(Again.placeTwice(store, commandId));
    AppendOutcome first = outcomes.get(0);
    AppendOutcome again = outcomes.get(1);

    assertThat(first).isInstanceOf(AppendOutcome.Appended.class);
    assertThat(again).isInstanceOf(AppendOutcome.AlreadyAppended.class);
    assertThat(again.orThrow().events()).isEqualTo(first.orThrow().events());
    assertStream(store, "Order|18").hasVersion(1);
  }

  @Test
  void comparesIdTypeAndPayloadButNotMetadata() {
    String stream = newStream();
    EventMetadata first = EventMetadata.empty().withUserId("ann");
    append(stream, ExpectedVersion.any(), placed(1).withMetadata(first), placed(2));
    clock.advance(Duration.ofSeconds(1));
    AppendOutcome again = append(stream, ExpectedVersion.any(), placed(1));
    assertThat(again).isInstanceOf(AppendOutcome.AlreadyAppended.class);
    assertThat(again.orThrow().currentVersion()).isEqualTo(1);
    assertThat(again.orThrow().events().get(0).metadata()).isEqualTo(first);
    assertThat(conflict(append(stream, ExpectedVersion.any(), placed(3).withId("placed-1"))))
        .hasMessageContaining("another type or payload");
    assertThat(
            conflict(
                append(
                    stream,
                    ExpectedVersion.any(),
                    NewEvent.of("OrderSold", Map.of("item", "book", "quantity", 1))
                        .withId("placed-1"))))
        .hasMessageContaining("another type or payload");
    assertThat(conflict(append(stream, ExpectedVersion.any(), placed(2), placed(3))))
        .hasMessageContaining("1 of the 2 events");
    conflict(append(stream, ExpectedVersion.exactly(2), placed(1)));
    assertStream(store, stream).hasVersion(2);
  }

  @Test
  void findsExactVersionsForEverAndOthersInTheWindow() {
    String stream = newStream();
    append(stream, ExpectedVersion.noStream(), placed(1));
    append(stream, ExpectedVersion.exactly(1), placed(2), placed(3));
    clock.advance(Duration.ofSeconds(361));
    append(stream, ExpectedVersion.exactly(3), placed(4), placed(5));
    assertThat(Answers.answer(append(stream, ExpectedVersion.noStream(), placed(1))))
        .isEqualTo("200 version 1");
    assertThat(Answers.answer(append(stream, ExpectedVersion.exactly(1), placed(2), placed(3))))
        .isEqualTo("200 version 3");
    assertThat(Answers.answer(append(stream, ExpectedVersion.any(), placed(4))))
        .isEqualTo("200 version 4");
    assertThat(Answers.answer(append(stream, ExpectedVersion.any(), placed(3))))
        .isEqualTo("201 version 6");
  }

  @Test
  void findsThemAfterARestartOfTheCluster() {
    String stream = newStream();
    append(stream, ExpectedVersion.any(), placed(1), placed(2));
    cluster.close();
    startCluster();
    assertThat(Answers.answer(append(stream, ExpectedVersion.streamExists(), placed(1), placed(2))))
        .isEqualTo("200 version 2");
    assertThat(Answers.answer(append(stream, ExpectedVersion.any(), placed(3))))
        .isEqualTo("201 version 3");
  }

  @Test
  void standsInTheGuide() {
    Guide.assertStandsIn("appending.md", AppendingGuideTest.class);
  }
}
