// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import io.holdfast.sample.common.Console;
import io.holdfast.sample.common.Stages;

import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.EventMetadata;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.ReadStreamResult;
import io.holdfast.sample.orders.OrderEvent;
import io.holdfast.sample.orders.OrderEvent.Address;
import io.holdfast.sample.orders.OrderEvent.Item;
import io.holdfast.sample.orders.OrderEvent.ItemPicked;
import io.holdfast.sample.orders.OrderEvent.OrderDelivered;
import io.holdfast.sample.orders.OrderEvent.OrderPaid;
import io.holdfast.sample.orders.OrderEvent.OrderPlaced;
import io.holdfast.sample.orders.OrderEvent.OrderShipped;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Shows the five operations of the event store on one new stream, what it refuses included. */
final class FiveOperations {
  private static final int SHORT_ANSWER = 36;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final Console console;
  private final EventStore store;
  private final String streamId;
  private boolean asExpected = true;

  FiveOperations(Console console, EventStore store, String streamId) {
    this.console = console;
    this.store = store;
    this.streamId = streamId;
  }

  /** Whether each operation answered as it should. */
  boolean show() throws TimeoutException, InterruptedException {
    appends();
    batches();
    questions();
    reads();
    return asExpected;
  }

  private void appends() throws TimeoutException, InterruptedException {
    step(
        "append OrderPlaced, expecting version 0",
        store
            .append(AppendEventInput.of(streamId, placed()).withExpectedVersion(0))
            .thenApply(result -> "stored, version " + result.currentVersion()),
        "stored, version 1");
    step(
        "append OrderPaid, expecting version 0",
        store
            .append(AppendEventInput.of(streamId, paid()).withExpectedVersion(0))
            .thenApply(result -> "stored, version " + result.currentVersion()),
        "ConcurrencyException: stream '%s' was expected at version 0, but is at version 1"
            .formatted(streamId));
  }

  private void batches() throws TimeoutException, InterruptedException {
    step(
        "appendBatch of 2, expecting version 1",
        batch(1, paid(), event(new ItemPicked("MUG-020", 2, "B-17"))),
        "stored, versions 2 to 3");
    step(
        "appendBatch of 2, expecting version 1",
        batch(1, shipped(), event(new OrderDelivered("P1", "Ada Horvat"))),
        "ConcurrencyException: stream '%s' was expected at version 1, but is at version 3"
            .formatted(streamId));
    step(
        "appendBatch of 2, one without a type",
        batch(3, shipped(), NewEvent.of("", new OrderDelivered("P1", "Ada Horvat"))),
        "RejectedException: ");
  }

  private void questions() throws TimeoutException, InterruptedException {
    step("getStreamVersion", store.getStreamVersion(streamId).thenApply(String::valueOf), "3");
    step("streamExists", store.streamExists(streamId).thenApply(String::valueOf), "true");
    step(
        "streamExists of another",
        store.streamExists(streamId + "-other").thenApply(String::valueOf),
        "false");
  }

  private void reads() throws TimeoutException, InterruptedException {
    step(
        "readStream",
        store.readStream(streamId).thenApply(FiveOperations::versionsAndTypes),
        "1 OrderPlaced, 2 OrderPaid, 3 ItemPicked");
    step(
        "readStream from version 2, backwards",
        store
            .readStream(streamId, ReadStreamOptions.all().fromVersion(2).reversed())
            .thenApply(FiveOperations::versionsAndTypes),
        "3 ItemPicked, 2 OrderPaid");
    step(
        "readStream at version 2, the payload",
        store
            .readStream(streamId, ReadStreamOptions.all().fromVersion(2).toVersion(2))
            .thenApply(read -> read.events().get(0).payload().toString()),
        "{\"amount\":1780,");
  }

  private CompletionStage<String> batch(long expectedVersion, NewEvent<?>... events) {
    return store
        .appendBatch(
            AppendBatchInput.of(streamId, List.of(events)).withExpectedVersion(expectedVersion))
        .thenApply(
            result ->
                "stored, versions %d to %d"
                    .formatted(result.events().get(0).version(), result.currentVersion()));
  }

  private void step(String operation, CompletionStage<String> answer, String expected)
      throws TimeoutException, InterruptedException {
    String shown =
        Stages.await(
            answer.exceptionally(
                failure -> {
                  Throwable cause = Stages.unwrap(failure);
                  return "%s: %s".formatted(cause.getClass().getSimpleName(), cause.getMessage());
                }),
            TIMEOUT);
    if (shown.length() > SHORT_ANSWER) {
      console.line("  %s%n      %s", operation, shown);
    } else {
      console.line("  %-40s %s", operation, shown);
    }
    if (!shown.startsWith(expected)) {
      console.line("      WRONG, it should be: %s", expected);
      asExpected = false;
    }
  }

  private static String versionsAndTypes(ReadStreamResult read) {
    return read.events().stream()
        .map(event -> event.version() + " " + event.type())
        .collect(Collectors.joining(", "));
  }

  private static NewEvent<OrderEvent> placed() {
    Item item = new Item("MUG-020", "Mug, blue", 2, 890);
    Address address = new Address("Ada Horvat", "Mill Lane 7", "24118", "Dunmere");
    return event(new OrderPlaced("customer-1", List.of(item), 0, item.price(), "EUR", address));
  }

  private static NewEvent<OrderEvent> paid() {
    return event(new OrderPaid(1780, "EUR", "card", "PAY-1"));
  }

  private static NewEvent<OrderEvent> shipped() {
    return event(new OrderShipped("P1", "Northpost", 920));
  }

  private static NewEvent<OrderEvent> event(OrderEvent payload) {
    return NewEvent.of(payload.type(), payload)
        .withMetadata(EventMetadata.empty().withUserId("customer-1"));
  }
}
