// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.it.TestCluster;
import io.holdfast.serialization.JsonEventSerializer;
import io.holdfast.testkit.CassandraExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The example of the README, as it stands there but for the last line. */
class ReadmeExampleTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  sealed interface OrderEvent {}

  record OrderPlaced(String item, int quantity) implements OrderEvent {}

  record OrderShipped(String carrier) implements OrderEvent {}

  @Test
  void placesAndShipsAnOrder() {
    try (TestCluster cluster = TestCluster.start(CASSANDRA, CASSANDRA.newKeyspaceName(), 1, "")) {
      ActorSystem<?> system = cluster.node(0).system();
      List<StreamDomainEvent<?>> seen = new ArrayList<>();

      EventStore store =
          EventStore.builder(system)
              .serializer(JsonEventSerializer.builder().register(OrderEvent.class).build())
              .start();
      CompletionStage<Void> done =
          store
              .append(
                  AppendEventInput.of("Order|17", NewEvent.of(new OrderPlaced("book", 2)))
                      .withExpectedVersion(0))
              .thenCompose(
                  placed ->
                      store.append(
                          AppendEventInput.of("Order|17", NewEvent.of(new OrderShipped("bike")))
                              .withExpectedVersion(placed.currentVersion())))
              .thenCompose(shipped -> store.readStream("Order|17"))
              .thenAccept(read -> seen.addAll(read.events()));

      get(done);
      assertThat(seen)
          .extracting(StreamDomainEvent::payload)
          .isEqualTo(List.of(new OrderPlaced("book", 2), new OrderShipped("bike")));
    }
  }
}
