// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.eventstore.RejectedException;
import io.holdfast.eventstore.decider.Decided;
import io.holdfast.sample.common.Stages;
import io.holdfast.sample.orders.OrderCommand;
import io.holdfast.sample.orders.OrderEvent;
import io.holdfast.sample.orders.OrderJson;
import io.holdfast.sample.orders.OrderRefusedException;
import io.holdfast.sample.orders.OrderRow;
import io.holdfast.sample.orders.OrderState;
import io.holdfast.sample.orders.OrderView;
import io.holdfast.sample.orders.Orders;
import io.holdfast.serialization.SerializationException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/** Orders: commands, their state at any version, and the list that a subscription keeps. */
final class OrderRoutes extends Responder {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 500;
  private static final Map<String, Class<? extends OrderCommand>> COMMANDS =
      Map.of(
          "place", OrderCommand.Place.class,
          "pay", OrderCommand.Pay.class,
          "pick", OrderCommand.Pick.class,
          "ship", OrderCommand.Ship.class,
          "return", OrderCommand.Return.class);

  private final Orders orders;
  private final OrderView view;
  private final Bodies bodies;

  OrderRoutes(Orders orders, OrderView view, Bodies bodies) {
    this.orders = orders;
    this.view = view;
    this.bodies = bodies;
  }

  /** What follows {@code /api/orders}. */
  Route route() {
    return concat(
        pathEnd(() -> get(() -> answer(this::list))),
        pathPrefix(
            PathMatchers.segment(),
            id ->
                concat(
                    pathEnd(() -> get(() -> answer(request -> order(id)))),
                    path("state", () -> get(() -> answer(request -> state(id, request)))),
                    path(
                        PathMatchers.segment(),
                        command ->
                            COMMANDS.containsKey(command)
                                ? post(() -> answer(request -> handle(id, command, request)))
                                : reject()))));
  }

  private CompletionStage<HttpResponse> list(HttpRequest request) {
    Parameters parameters = new Parameters(request, Set.of("limit", "after"));
    int limit = (int) parameters.number("limit", 1, MAX_LIMIT).orElse(DEFAULT_LIMIT);
    return view.page(parameters.text("after"), limit + 1)
        .thenApply(rows -> Answers.ok(page(rows, limit)));
  }

  private static ObjectNode page(List<OrderRow> rows, int limit) {
    boolean more = rows.size() > limit;
    List<OrderRow> shown = more ? rows.subList(0, limit) : rows;
    ObjectNode json = ApiJson.MAPPER.createObjectNode();
    ArrayNode orders = json.putArray("orders");
    for (OrderRow row : shown) {
      orders
          .addObject()
          .put("orderId", row.orderId())
          .put("version", row.version())
          .put("updated", row.updated().toString())
          .put("status", row.state().status().name())
          .put("customer", row.state().customer())
          .put("total", row.state().total())
          .put("currency", row.state().currency());
    }
    return more ? json.put("next", shown.get(limit - 1).orderId()) : json.putNull("next");
  }

  private CompletionStage<HttpResponse> order(String id) {
    checkId(id);
    return view.get(id)
        .thenApply(
            row -> {
              OrderRow found =
                  row.orElseThrow(
                      () ->
                          Problem.notFound(
                                  "the list has no such order; it may be a moment behind its stream")
                              .with("value", id));
              ObjectNode json = json(id, found.version(), found.state());
              json.put("updated", found.updated().toString());
              return Answers.at(found.version(), Answers.ok(json));
            });
  }

  private CompletionStage<HttpResponse> state(String id, HttpRequest request) {
    checkId(id);
    long version =
        new Parameters(request, Set.of("version"))
            .number("version", 0, Long.MAX_VALUE)
            .orElse(Long.MAX_VALUE);
    return readable(id, orders.at(id, version))
        .thenApply(
            order ->
                Answers.at(order.version(), Answers.ok(json(id, order.version(), order.state()))));
  }

  private CompletionStage<HttpResponse> handle(String id, String command, HttpRequest request) {
    checkId(id);
    return bodies.withJson(
        request,
        body ->
            readable(id, orders.handle(id, command(command, body)))
                .thenApply(OrderRoutes::decided));
  }

  private static OrderCommand command(String name, byte[] body) {
    JsonNode json = ApiJson.read(body);
    if (!json.isObject()) {
      throw Problem.badRequest("the body is no JSON object");
    }
    try {
      return OrderJson.MAPPER.treeToValue(json, COMMANDS.get(name));
    } catch (JsonProcessingException e) {
      throw Problem.badRequest(
          "the body is no command %s: %s"
              .formatted(name, e.getOriginalMessage().lines().findFirst().orElse("")));
    }
  }

  private static HttpResponse decided(Decided<OrderState, OrderEvent> decided) {
    String id = decided.events().isEmpty() ? "" : decided.events().get(0).streamId();
    ObjectNode json = json(id, decided.version(), decided.state());
    ArrayNode events = json.putArray("events");
    decided.events().forEach(event -> events.add(EventJson.write(event)));
    return Answers.at(decided.version(), Answers.json(201, json));
  }

  private static ObjectNode json(String id, long version, OrderState state) {
    ObjectNode json = ApiJson.MAPPER.createObjectNode();
    json.put("orderId", id).put("version", version);
    json.set("state", ApiJson.MAPPER.valueToTree(state));
    return json;
  }

  private static void checkId(String id) {
    if (!Orders.isOrderId(id)) {
      throw Problem.badRequest("the id of an order begins with order-").with("value", id);
    }
  }

  /** Says what it means for an order when its stream holds something else, or its rules say no. */
  private static <T> CompletionStage<T> readable(String id, CompletionStage<T> stage) {
    return stage.exceptionallyCompose(
        failure ->
            CompletableFuture.failedFuture(problem(Stages.unwrap(failure)).with("streamId", id)));
  }

  private static Problem problem(Throwable failure) {
    if (failure instanceof OrderRefusedException refused) {
      return Problem.rejected(422, "order-refused", String.valueOf(refused.getMessage()));
    } else if (failure instanceof ClassCastException other) {
      return Problem.rejected(422, "no-order", "the stream is no order: " + other.getMessage());
    } else if (failure instanceof RejectedException
        && failure.getCause() instanceof SerializationException unreadable) {
      return Problem.rejected(422, "unreadable-event", String.valueOf(unreadable.getMessage()));
    }
    return Failures.problem(failure);
  }
}
