// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import static java.util.Objects.requireNonNull;

import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.ReadStreamResult;
import io.holdfast.eventstore.StreamDomainEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Assertions on a stream of an event store. The stream is read once, whole, with every append that
 * was acknowledged before; all assertions are about what was read.
 *
 * <pre>{@code
 * StreamAssert.assertStream(store, "Order|17")
 *     .hasVersion(2)
 *     .hasEventTypes("OrderPlaced", "OrderShipped");
 * }</pre>
 *
 * <p>What does not hold throws an {@link AssertionError} whose message shows the stream's last
 * events. Immutable and thread-safe.
 */
public final class StreamAssert {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
  private static final int SHOWN_EVENTS = 50;

  private final String streamId;
  private final long version;
  private final List<StreamDomainEvent<?>> events;

  private StreamAssert(String streamId, long version, List<StreamDomainEvent<?>> events) {
    this.streamId = streamId;
    this.version = version;
    this.events = List.copyOf(events);
  }

  /** Reads a stream; see {@link #assertStream(EventStore, String, Duration)}. Waits 30 seconds. */
  public static StreamAssert assertStream(EventStore store, String streamId) {
    return assertStream(store, streamId, DEFAULT_TIMEOUT);
  }

  /**
   * Reads a stream. Blocks, so not for threads of an actor system.
   *
   * @param timeout how long to wait for the store, for each page of the stream
   * @throws AssertionError if the stream could not be read in time or at all, with the cause
   */
  public static StreamAssert assertStream(EventStore store, String streamId, Duration timeout) {
    requireNonNull(streamId, "streamId");
    List<StreamDomainEvent<?>> events = new ArrayList<>();
    long version = 0;
    OptionalLong next = OptionalLong.of(1);
    while (next.isPresent()) {
      ReadStreamOptions unread = ReadStreamOptions.all().fromVersion(next.getAsLong());
      ReadStreamResult read = await(store.readStream(streamId, unread), streamId, timeout);
      events.addAll(read.events());
      version = read.currentVersion();
      next = read.continueFrom();
    }
    return new StreamAssert(streamId, version, events);
  }

  private static <T> T await(CompletionStage<T> stage, String streamId, Duration timeout) {
    String problem = "stream '%s' could not be read".formatted(streamId);
    try {
      return stage.toCompletableFuture().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError(problem, e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError(problem + " within " + timeout, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(problem + " before the thread was interrupted", e);
    }
  }

  /** The stream has no event. */
  public StreamAssert doesNotExist() {
    return check(events.isEmpty(), "does not exist");
  }

  /** The stream has an event. */
  public StreamAssert exists() {
    return check(!events.isEmpty(), "exists");
  }

  /** The stream has this version, which counts deleted events, too; 0 if it never had an event. */
  public StreamAssert hasVersion(long expected) {
    return check(version == expected, "has version " + expected);
  }

  /** The stream's events have exactly these logical types, in order. */
  public StreamAssert hasEventTypes(String... types) {
    List<String> actual = events.stream().<String>map(StreamDomainEvent::type).toList();
    return check(actual.equals(List.of(types)), "has the event types " + List.of(types));
  }

  /** The stream's events have exactly these payloads, in order, by {@code equals}. */
  public StreamAssert hasPayloads(Object... payloads) {
    List<Object> actual = events.stream().<Object>map(StreamDomainEvent::payload).toList();
    return check(actual.equals(List.of(payloads)), "has the payloads " + List.of(payloads));
  }

  /** The events that were read, in version order, for assertions of your own. */
  public List<StreamDomainEvent<?>> events() {
    return events;
  }

  private StreamAssert check(boolean holds, String expectation) {
    if (!holds) {
      throw new AssertionError(
          "expected that stream '%s' %s, but it %s".formatted(streamId, expectation, contents()));
    }
    return this;
  }

  private String contents() {
    if (events.isEmpty()) {
      return version == 0 ? "does not exist" : "has version " + version + " and no event";
    }
    int hidden = Math.max(0, events.size() - SHOWN_EVENTS);
    StringBuilder text = new StringBuilder("has version " + version + ":");
    if (hidden > 0) {
      text.append("\n  … ").append(hidden).append(" earlier events");
    }
    for (StreamDomainEvent<?> event : events.subList(hidden, events.size())) {
      text.append("\n  %d %s %s".formatted(event.version(), event.type(), event.payload()));
    }
    return text.toString();
  }
}
