// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.holdfast.chaos.history.Event;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import io.holdfast.chaos.history.Result;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.FeedEvent;
import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedOffset;
import io.holdfast.journal.JournalSetup;
import io.holdfast.query.HoldfastReadJournal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.Done;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.stream.javadsl.Sink;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The main class of an application process. The first line on its standard input is its
 * configuration, each later one a {@link Request}; each line on its standard output is a {@link
 * Reply}. It logs to its standard error, and ends with its standard input.
 */
public final class AppMain {
  private static final int MOST_ITEMS = 200;
  private static final Duration LINGER = Duration.ofMillis(20);

  private final ActorSystem<Void> system;
  private final MovedClock clock;
  private final PrintStream output;
  private final DrawnIds ids = new DrawnIds();
  private final Map<String, ActorRef<NotebookHost.Message>> notebooks = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Done>> deliveries = new ConcurrentHashMap<>();
  private volatile @Nullable EventStore store;

  private AppMain(ActorSystem<Void> system, MovedClock clock, PrintStream output) {
    this.system = system;
    this.clock = clock;
    this.output = output;
  }

  /** Runs a process; without arguments. */
  public static void main(String[] arguments) {
    PrintStream output = System.out;
    System.setOut(System.err);
    try (BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      Config config =
          ConfigFactory.parseString(input.readLine()).withFallback(ConfigFactory.load());
      MovedClock clock = new MovedClock();
      ActorSystemSetup setup =
          ActorSystemSetup.create(BootstrapSetup.create(config.resolve()), new JournalSetup(clock));
      new AppMain(ActorSystem.create(Behaviors.empty(), "chaos", setup), clock, output)
          .serve(input);
    } catch (IOException | RuntimeException e) {
      LoggerFactory.getLogger(AppMain.class).error("the process has failed", e);
    } finally {
      Runtime.getRuntime().halt(0);
    }
  }

  private void serve(BufferedReader input) throws IOException {
    cluster().registerOnMemberUp(this::startStore);
    say(new Reply.Listening(cluster().selfAddress().toString()));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      Request request = Lines.read(line, Request.class);
      if (request instanceof Request.Join join) {
        join(join.addresses());
      } else if (request instanceof Request.Perform perform) {
        perform(perform.operation())
            .thenAccept(outcome -> say(new Reply.Performed(perform.number(), outcome)));
      } else if (request instanceof Request.Follow follow) {
        follow(follow);
      } else if (request instanceof Request.ShiftClock shift) {
        clock.move(shift.aheadMillis());
      } else if (request instanceof Request.Delivered delivered) {
        CompletableFuture<Done> waiting = deliveries.remove(delivered.consumer());
        if (waiting != null) {
          waiting.complete(Done.getInstance());
        }
      }
    }
  }

  private void say(Reply reply) {
    String line = Lines.write(reply);
    synchronized (output) {
      output.println(line);
      output.flush();
    }
  }

  private Cluster cluster() {
    return Cluster.get(Adapter.toClassic(system));
  }

  private void join(List<String> addresses) {
    cluster().joinSeedNodes(addresses.stream().map(AddressFromURIString::parse).toList());
  }

  private void startStore() {
    EventStore started = EventStore.builder(system).clock(clock).idGenerator(ids).start();
    store = started;
    awaitReady(started);
  }

  /** However long Cassandra is away. */
  private void awaitReady(EventStore started) {
    started
        .ready()
        .whenComplete(
            (ready, failure) -> {
              if (failure == null) {
                say(new Reply.Joined());
              } else {
                awaitReady(started);
              }
            });
  }

  private CompletionStage<Outcome> perform(Operation operation) {
    EventStore running = store;
    if (running == null) {
      return CompletableFuture.completedFuture(
          new Outcome.Unavailable("the process has not joined its cluster"));
    }
    if (operation instanceof Operation.Persist || operation instanceof Operation.Recover) {
      CompletableFuture<Outcome> answer = new CompletableFuture<>();
      notebook(operation.stream()).tell(new NotebookHost.Perform(operation, answer));
      return answer;
    }
    if (operation instanceof Operation.Read read && Notebook.isOne(read.stream())) {
      return readNotebook(read);
    }
    return new StoreOperations(running, ids).perform(operation);
  }

  /** All that is stored, without the actor. */
  private CompletionStage<Outcome> readNotebook(Operation.Read read) {
    return PersistenceQuery.get(Adapter.toClassic(system))
        .getReadJournalFor(HoldfastReadJournal.class, HoldfastReadJournal.IDENTIFIER)
        .currentEventsByPersistenceId(read.stream(), read.from(), read.to())
        .map(envelope -> new Event(envelope.sequenceNr(), (String) envelope.event()))
        .runWith(Sink.seq(), system)
        .thenApply(
            events ->
                Outcome.ok(
                    new Result.Events(
                        events.isEmpty() ? -1 : events.get(events.size() - 1).version(),
                        0,
                        events)))
        .exceptionally(failure -> new Outcome.Unavailable(failure.toString()));
  }

  private ActorRef<NotebookHost.Message> notebook(String persistenceId) {
    return notebooks.computeIfAbsent(
        persistenceId,
        id -> system.systemActorOf(NotebookHost.create(id), "notebook-" + id, Props.empty()));
  }

  private void follow(Request.Follow follow) {
    EventStore running = store;
    if (running == null) {
      say(new Reply.FollowFailed(follow.consumer(), "the process has not joined its cluster"));
      return;
    }
    FeedOffset from =
        follow.offset().isEmpty() ? FeedOffset.beginning() : FeedOffset.parse(follow.offset());
    running
        .subscribeAll(FeedFilter.all(), from)
        .groupedWithin(MOST_ITEMS, LINGER)
        .mapAsync(1, events -> deliver(follow.consumer(), events))
        .run(system)
        .whenComplete(
            (done, failure) ->
                say(new Reply.FollowFailed(follow.consumer(), String.valueOf(failure))));
  }

  /** Completes when it is recorded. */
  private CompletionStage<Done> deliver(String consumer, List<FeedEvent> events) {
    CompletableFuture<Done> delivered = new CompletableFuture<>();
    deliveries.put(consumer, delivered);
    say(
        new Reply.Delivery(
            consumer,
            events.stream()
                .map(
                    item ->
                        new Reply.Item(
                            item.event().streamId(),
                            new Event(item.event().version(), item.event().id())))
                .toList(),
            events.get(events.size() - 1).offset().toString()));
    return delivered;
  }
}
