// SPDX-License-Identifier: Apache-2.0
/**
 * The event store: a small asynchronous API over sharded streams.
 *
 * <p>To begin, start an {@link io.holdfast.eventstore.EventStore} on every node of the cluster,
 * then append and read:
 *
 * <pre>{@code
 * EventStore store =
 *     EventStore.builder(system)
 *         .serializer(JsonEventSerializer.builder().register(OrderEvent.class).build())
 *         .start();
 * store.append(AppendEventInput.of("Order|17", NewEvent.of(new OrderPlaced("book", 2))).withExpectedVersion(0));
 * store.readStream("Order|17").thenAccept(read -> read.events().forEach(event -> use(event.payload())));
 * }</pre>
 *
 * <p>Streams with rules, where a command is decided on what has happened before, are written with
 * {@link io.holdfast.eventstore.decider}.
 *
 * <p>Actors that would rather exchange messages with a stream find its protocol in {@link
 * io.holdfast.eventstore.protocol}.
 */
@NullMarked
package io.holdfast.eventstore;

import org.jspecify.annotations.NullMarked;
