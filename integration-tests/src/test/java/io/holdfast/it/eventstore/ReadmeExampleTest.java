// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import static io.holdfast.it.Stages.get;
import static io.holdfast.testkit.StreamAssert.assertStream;

import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.it.Guide;
import io.holdfast.it.TestCluster;
import io.holdfast.serialization.JsonEventSerializer;
import io.holdfast.testkit.CassandraExtension;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The example of the README. */
class ReadmeExampleTest {
  sealed interface OrderEvent {}

  record OrderPlaced(String item, int quantity) implements OrderEvent {}

  record OrderShipped(String carrier) implements OrderEvent {}

  static class Orders {
    static CompletionStage<Void> placeAndShip(ActorSystem<?> system) { // a node of a cluster
      EventStore store =
          EventStore.builder(system)
              .serializer(JsonEventSerializer.builder().register(OrderEvent.class).build())
              .start();

      return store
          .append(
              AppendEventInput.of("Order|17", NewEvent.of(new OrderPlaced("book", 2)))
                  .withExpectedVersion(0)) // 0: the stream must be new
          .thenCompose(
              placed ->
                  store.append(
                      AppendEventInput.of("Order|17", NewEvent.of(new OrderShipped("bike")))
                          .withExpectedVersion(placed.currentVersion())))
          .thenCompose(shipped -> store.readStream("Order|17"))
          .thenAccept(
              read ->
                  read.events()
                      .forEach(
                          event -> System.out.println(event.version() + " " + event.payload())));
    }
  }

  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  @Test
  void placesAndShipsAnOrder() {
    try (TestCluster cluster = TestCluster.start(CASSANDRA, CASSANDRA.newKeyspaceName(), 1, "")) {
      get(Orders.placeAndShip(cluster.node(0).system()));
      assertStream(cluster.store(0), "Order|17")
          .hasVersion(2)
          .hasEventTypes("OrderPlaced", "OrderShipped");
    }
  }

  @Test
  void standsInTheReadme() {
    Guide.assertStandsIn("../README.md", ReadmeExampleTest.class);
  }
}
