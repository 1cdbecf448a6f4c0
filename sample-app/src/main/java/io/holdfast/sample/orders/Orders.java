// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.orders;

import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.eventstore.decider.CommandHandler;
import io.holdfast.eventstore.decider.Decided;
import io.holdfast.serialization.JsonEventSerializer;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * The orders of a shop: a stream each, named {@code order-…}. Thread-safe.
 *
 * <p>Its event store knows the classes of the events; other stores of the same node read the same
 * streams as JSON.
 */
public final class Orders {
  /** The category of the streams. */
  static final String CATEGORY = "order";

  private static final Pattern ID = Pattern.compile(CATEGORY + "-.+");

  private final ActorSystem<?> system;
  private final EventStore store;
  private final Order rules = new Order();
  private final CommandHandler<OrderCommand, OrderState, OrderEvent> handler;

  private Orders(ActorSystem<?> system, EventStore store) {
    this.system = system;
    this.store = store;
    this.handler = CommandHandler.of(store, rules, OrderEvent.class);
  }

  public static Orders start(ActorSystem<?> system) {
    JsonEventSerializer serializer =
        JsonEventSerializer.builder().mapper(OrderJson.MAPPER).register(OrderEvent.class).build();
    return new Orders(system, EventStore.builder(system).serializer(serializer).start());
  }

  /** Whether this can be the id of an order. */
  public static boolean isOrderId(String id) {
    return ID.matcher(id).matches();
  }

  /**
   * Does what a command says.
   *
   * @return fails with {@link OrderRefusedException} if the order's state does not allow it, and as
   *     {@link CommandHandler#handle} does
   */
  public CompletionStage<Decided<OrderState, OrderEvent>> handle(
      String orderId, OrderCommand command) {
    return handler.handle(orderId, command);
  }

  /**
   * An order as it was.
   *
   * @param version of the last event that is looked at
   */
  public CompletionStage<OrderAtVersion> at(String orderId, long version) {
    return store
        .streamEvents(orderId, ReadStreamOptions.all().toVersion(version))
        .runWith(
            Sink.fold(
                new OrderAtVersion(orderId, 0, rules.initialState()),
                (OrderAtVersion order, StreamDomainEvent<?> event) ->
                    new OrderAtVersion(
                        orderId,
                        event.version(),
                        rules.evolve(order.state(), event.payloadAs(OrderEvent.class)))),
            system);
  }

  /**
   * An order at a version.
   *
   * @param version of the last event that the state has; 0 if it has none
   */
  public record OrderAtVersion(String orderId, long version, OrderState state) {}
}
