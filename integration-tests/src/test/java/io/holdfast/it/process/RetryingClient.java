// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.AppendOutcome;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.UnavailableException;
import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.it.process.Subject.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Appends events with ids of its own, one after the other, and each again and again until it is
 * stored. Every second client has a stream for itself and expects exact versions; the others share
 * streams in pairs, and expect none.
 */
final class RetryingClient {
  /** What all clients were answered. Thread-safe. */
  static final class Tally {
    private final AtomicInteger appended = new AtomicInteger();
    private final AtomicInteger already = new AtomicInteger();
    private final AtomicInteger unknown = new AtomicInteger();
    private final AtomicInteger unavailable = new AtomicInteger();

    int stored() {
      return appended.get() + already.get();
    }

    @Override
    public String toString() {
      return "%s appended, %s already appended, %s unknown, %s unavailable"
          .formatted(appended, already, unknown, unavailable);
    }
  }

  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(50);

  private final EventStore store;
  private final int number;
  private final int events;
  private final Duration pause;
  private final Tally tally;
  private final String streamId;
  private final boolean exact;
  private final CompletableFuture<Void> done = new CompletableFuture<>();

  private volatile boolean halting;
  private volatile int stored;

  RetryingClient(EventStore store, int number, int events, Tally tally) {
    this(store, number, events, Duration.ZERO, tally);
  }

  private RetryingClient(EventStore store, int number, int events, Duration pause, Tally tally) {
    this.store = store;
    this.number = number;
    this.events = events;
    this.pause = pause;
    this.tally = tally;
    this.exact = number % 2 == 0;
    this.streamId = exact ? "own-" + number : "shared-" + number / 4;
  }

  /** Appends until it is halted, with pauses between. */
  static RetryingClient endless(EventStore store, int number, Duration pause, Tally tally) {
    return new RetryingClient(store, number, Integer.MAX_VALUE, pause, tally);
  }

  CompletionStage<Void> start() {
    next(1);
    return done;
  }

  /** Begins no other event; completes when the last one is stored. */
  CompletionStage<Void> halt() {
    halting = true;
    return done;
  }

  String streamId() {
    return streamId;
  }

  private String id(int event) {
    return "client-%d-%d".formatted(number, event);
  }

  private void next(int event) {
    if (event > events || halting) {
      done.complete(null);
    } else if (pause.isZero()) {
      append(event);
    } else {
      appendAfter(pause, event);
    }
  }

  private void appendAfter(Duration time, int event) {
    CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS)
        .execute(() -> append(event));
  }

  private void append(int event) {
    ExpectedVersion expected = exact ? ExpectedVersion.exactly(event - 1) : ExpectedVersion.any();
    store
        .tryAppend(
            AppendEventInput.of(
                    streamId,
                    NewEvent.of("Tried", JsonNodeFactory.instance.numberNode(event))
                        .withId(id(event)))
                .withExpectedVersion(expected))
        .whenComplete(
            (outcome, failure) -> {
              if (failure != null) {
                done.completeExceptionally(failure);
              } else {
                onOutcome(event, outcome);
              }
            });
  }

  private void onOutcome(int event, AppendOutcome outcome) {
    if (outcome instanceof AppendOutcome.Stored) {
      boolean first = outcome instanceof AppendOutcome.Appended;
      (first ? tally.appended : tally.already).incrementAndGet();
      stored = event;
      next(event + 1);
    } else if (outcome instanceof AppendOutcome.Conflict
        || outcome instanceof AppendOutcome.Rejected) {
      done.completeExceptionally(((AppendOutcome.Refused) outcome).exception());
    } else {
      boolean unknown = outcome instanceof AppendOutcome.Unknown;
      (unknown ? tally.unknown : tally.unavailable).incrementAndGet();
      appendAfter(PAUSE_AFTER_FAILURE, event);
    }
  }

  /** Waits until the last cut is over. */
  static List<String> read(LocalNode reader, String streamId) {
    return await()
        .ignoreExceptionsInstanceOf(UnavailableException.class)
        .until(() -> get(reader.history(new Subject(Kind.STREAM, streamId))), read -> true);
  }

  /** The ids of the events of all the clients' streams. */
  static Map<String, List<String>> histories(LocalNode reader, List<RetryingClient> clients) {
    Map<String, List<String>> histories = new HashMap<>();
    clients.forEach(client -> histories.computeIfAbsent(client.streamId, id -> read(reader, id)));
    return histories;
  }

  /** Each stream has the events of its clients once, those of each client in order. */
  static void verify(LocalNode reader, List<RetryingClient> clients) {
    Map<String, List<RetryingClient>> writers = new LinkedHashMap<>();
    clients.forEach(
        client -> writers.computeIfAbsent(client.streamId, id -> new ArrayList<>()).add(client));
    writers.forEach(
        (streamId, all) -> {
          List<String> history = read(reader, streamId);
          assertThat(history).as(streamId).doesNotHaveDuplicates();
          int expected = 0;
          for (RetryingClient client : all) {
            expected += client.stored;
            List<String> own =
                history.stream()
                    .filter(id -> id.startsWith("client-%d-".formatted(client.number)))
                    .toList();
            assertThat(own).as(streamId).hasSize(client.stored);
            for (int i = 0; i < own.size(); i++) {
              assertThat(own.get(i)).as(streamId).isEqualTo(client.id(i + 1));
            }
          }
          assertThat(history).as(streamId).hasSize(expected);
        });
  }
}
