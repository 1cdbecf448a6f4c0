// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.AppendOutcome;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.EventStoreException;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.UnavailableException;
import io.holdfast.eventstore.decider.CommandHandler;
import io.holdfast.eventstore.protocol.ReadConsistency;
import io.holdfast.eventstore.protocol.StreamMetadata;
import io.holdfast.eventstore.subscription.DurableSubscription;
import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedOffset;
import io.holdfast.it.TestCluster;
import io.holdfast.query.HoldfastReadJournal;
import io.holdfast.serialization.JsonEventSerializer;
import io.holdfast.test.Patience;
import io.holdfast.testkit.CassandraExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of calls that come before, while and after an actor system ends. */
class SystemEndTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final Duration CALL_INTERVAL = Duration.ofMillis(5);
  private static final int CALLS_AFTER_THE_END = 20;

  /** A call, and what became of it. */
  private record Call(String kind, boolean afterTheEnd, CompletableFuture<?> outcome) {
    Throwable failure() {
      return outcome.handle((done, failure) -> failure).join();
    }
  }

  private final AtomicInteger round = new AtomicInteger();

  private String stream() {
    return "stream-" + round.get() % 7;
  }

  private Map<String, Supplier<CompletionStage<?>>> calls(EventStore store) {
    CommandHandler<Account.Post, Long, Account.Event> accounts =
        CommandHandler.of(store, new Account(), Account.Event.class);
    Map<String, Supplier<CompletionStage<?>>> calls = new LinkedHashMap<>();
    calls.put("append", () -> store.append(AppendEventInput.of(stream(), "A", Map.of())));
    calls.put(
        "appendBatch",
        () ->
            store.appendBatch(
                AppendBatchInput.of(
                    stream(), List.of(NewEvent.of("A", Map.of()), NewEvent.of("B", Map.of())))));
    calls.put(
        "tryAppend",
        () ->
            store
                .tryAppend(AppendEventInput.of(stream(), "A", Map.of()))
                .thenAccept(
                    outcome -> {
                      if (outcome instanceof AppendOutcome.Refused refused) {
                        throw refused.exception();
                      }
                    }));
    calls.put("getStreamVersion", () -> store.getStreamVersion(stream()));
    calls.put("owner's version", () -> store.getStreamVersion(stream(), ReadConsistency.OWNER));
    calls.put("getStreamVersions", () -> store.getStreamVersions(List.of(stream(), "other")));
    calls.put("streamExists", () -> store.streamExists(stream()));
    calls.put("getStreamInfo", () -> store.getStreamInfo(stream()));
    calls.put("readStream", () -> store.readStream(stream()));
    calls.put("readLastEvent", () -> store.readLastEvent(stream()));
    calls.put("truncateStream", () -> store.truncateStream("cut-" + stream(), 1));
    calls.put("deleteStream", () -> store.deleteStream("deleted-" + stream()));
    calls.put("closeStream", () -> store.closeStream("closed-" + stream()));
    calls.put(
        "setStreamMetadata",
        () -> store.setStreamMetadata("described-" + stream(), StreamMetadata.none()));
    calls.put("ready", store::ready);
    calls.put("command", () -> accounts.handle("account-" + stream(), new Account.Post(1)));
    return calls;
  }

  /** In good order, and without: then whatever is under way is lost. */
  @ParameterizedTest
  @ValueSource(strings = {"on", "off"})
  void completesEveryStageWithATypedException(String coordinated) throws Exception {
    String keyspace = CASSANDRA.newKeyspaceName();
    try (TestCluster cluster =
        TestCluster.start(
            CASSANDRA,
            keyspace,
            1,
            "pekko.coordinated-shutdown.run-by-actor-system-terminate = " + coordinated + "\n",
            builder ->
                builder.serializer(
                    JsonEventSerializer.builder().register(Account.Event.class).build()))) {
      ActorSystem<Void> system = cluster.node(0).system();
      EventStore store = cluster.store(0);
      get(store.ready());
      Map<String, Supplier<CompletionStage<?>>> kinds = calls(store);
      for (Supplier<CompletionStage<?>> kind : kinds.values()) {
        get(kind.get());
      }

      List<Call> calls = new ArrayList<>();
      CompletableFuture<Void> enough = new CompletableFuture<>();
      AtomicInteger roundsAfterTheEnd = new AtomicInteger();
      CompletableFuture<?> ended = system.getWhenTerminated().toCompletableFuture();
      ScheduledExecutorService caller = Executors.newSingleThreadScheduledExecutor();
      try {
        var unused =
            caller.scheduleAtFixedRate(
                () -> {
                  boolean afterTheEnd = ended.isDone();
                  if (afterTheEnd && roundsAfterTheEnd.incrementAndGet() > CALLS_AFTER_THE_END) {
                    enough.complete(null);
                    return;
                  }
                  if (round.incrementAndGet() == CALLS_AFTER_THE_END) {
                    system.terminate();
                  }
                  kinds.forEach(
                      (kind, call) -> calls.add(new Call(kind, afterTheEnd, outcomeOf(call))));
                },
                0,
                CALL_INTERVAL.toMillis(),
                TimeUnit.MILLISECONDS);
        get(enough);
      } finally {
        caller.shutdownNow();
        assertThat(caller.awaitTermination(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      }

      await()
          .untilAsserted(
              () ->
                  assertThat(calls.stream().filter(call -> !call.outcome().isDone()))
                      .as("calls without an answer")
                      .isEmpty());
      for (Call call : calls) {
        Throwable failure = call.failure();
        if (call.afterTheEnd()) {
          assertThat(failure).as(call.kind()).isInstanceOf(UnavailableException.class);
        } else if (failure != null) {
          assertThat(failure).as(call.kind()).isInstanceOf(EventStoreException.class);
        }
      }
      assertThatThrownBy(() -> EventStore.start(system)).isInstanceOf(UnavailableException.class);
    }
  }

  /** A stage that depends on ours wraps what that failed with. */
  private static CompletableFuture<?> outcomeOf(Supplier<CompletionStage<?>> call) {
    CompletableFuture<Object> outcome = new CompletableFuture<>();
    try {
      call.get()
          .whenComplete(
              (done, failure) -> {
                if (failure == null) {
                  outcome.complete("done");
                } else {
                  outcome.completeExceptionally(
                      failure.getCause() instanceof EventStoreException known ? known : failure);
                }
              });
    } catch (RuntimeException thrown) {
      outcome.completeExceptionally(new AssertionError("thrown by the call itself", thrown));
    }
    return outcome;
  }

  @Test
  void endsSourcesAndSubscriptions() {
    ActorSystem<Void> other = ActorSystem.create(Behaviors.empty(), "other");
    try (TestCluster cluster = TestCluster.start(CASSANDRA, CASSANDRA.newKeyspaceName(), 1, "")) {
      ActorSystem<Void> system = cluster.node(0).system();
      EventStore store = cluster.store(0);
      get(store.append(AppendEventInput.of("stream", "A", Map.of())));
      HoldfastReadJournal queries =
          PersistenceQuery.get(system)
              .getReadJournalFor(HoldfastReadJournal.class, HoldfastReadJournal.IDENTIFIER);
      DurableSubscription subscription =
          DurableSubscription.named("never handled")
              .start(system, store, event -> CompletableFuture.completedFuture(null));
      get(subscription.started());

      List<CompletionStage<?>> running = new ArrayList<>();
      for (Materializer materializer :
          List.of(Materializer.matFromSystem(system), Materializer.matFromSystem(other))) {
        running.add(store.subscribeToStream("stream", 1).runWith(Sink.ignore(), materializer));
        running.add(
            queries
                .eventsByPersistenceId("stream", 0, Long.MAX_VALUE)
                .runWith(Sink.ignore(), materializer));
        running.add(queries.persistenceIds().runWith(Sink.ignore(), materializer));
      }
      running.add(
          store
              .subscribeAll(FeedFilter.all(), FeedOffset.beginning())
              .runWith(Sink.ignore(), system));
      cluster.node(0).leave();
      for (CompletionStage<?> source : running) {
        await().until(source.toCompletableFuture()::isDone);
        assertThat(source.toCompletableFuture()).isCompletedExceptionally();
      }

      List<CompletionStage<?>> after =
          List.of(
              store.streamEvents("stream", ReadStreamOptions.all()).runWith(Sink.ignore(), other),
              store.subscribeToStream("stream", 1).runWith(Sink.ignore(), other),
              store.subscribeAll(FeedFilter.all(), FeedOffset.now()).runWith(Sink.ignore(), other),
              store.readAll(FeedFilter.all(), FeedOffset.beginning()).runWith(Sink.ignore(), other),
              subscription.status(),
              subscription.pause(),
              subscription.parked(),
              DurableSubscription.named("too late")
                  .start(system, store, event -> CompletableFuture.completedFuture(null))
                  .started());
      for (CompletionStage<?> call : after) {
        assertThatThrownBy(() -> Patience.get(call))
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(UnavailableException.class);
      }
    } finally {
      other.terminate();
      get(other.getWhenTerminated());
    }
  }
}
