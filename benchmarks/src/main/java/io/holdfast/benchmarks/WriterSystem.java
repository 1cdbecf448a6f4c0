// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.Patterns;

/** An actor system with persistent actors on a journal, in a keyspace of its own. */
final class WriterSystem implements AutoCloseable {
  private static final long ANSWER_SECONDS = 120;

  private final ActorSystem<Void> system;
  private final List<Long> servers;
  private final Map<Load, ActorRef<LoadDriver.Message>> drivers = new HashMap<>();

  private WriterSystem(ActorSystem<Void> system, List<Long> servers) {
    this.system = system;
    this.servers = servers;
  }

  /**
   * Starts a system.
   *
   * @param settings on top of the defaults, those of the journal among them
   */
  static WriterSystem start(Contact cassandra, String name, String settings) {
    Config config =
        ConfigFactory.parseString(settings)
            .withFallback(ConfigFactory.parseString(cassandra.driverSettings()))
            .withFallback(
                ConfigFactory.parseString(
                    """
                    pekko {
                      loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
                      logging-filter = "org.apache.pekko.event.slf4j.Slf4jLoggingFilter"
                      loglevel = WARNING
                      # The process ends when its work is done, at once.
                      coordinated-shutdown.run-by-jvm-shutdown-hook = off
                      jvm-shutdown-hooks = off
                    }
                    """))
            .withFallback(ConfigFactory.load());
    return new WriterSystem(
        ActorSystem.create(Behaviors.empty(), name, config), cassandra.processes());
  }

  ActorSystem<Void> system() {
    return system;
  }

  /** Starts one more writer. */
  ActorRef<EventWriter.Write> writer(String persistenceId, Set<String> tags) {
    return system.systemActorOf(
        EventWriter.create(persistenceId, tags), persistenceId, Props.empty());
  }

  /** Ends a writer; completes when it has ended. */
  CompletionStage<?> stop(ActorRef<EventWriter.Write> writer) {
    return Patterns.gracefulStop(Adapter.toClassic(writer), Duration.ofSeconds(ANSWER_SECONDS));
  }

  /** For what goes on here and at this Cassandra. */
  Measurement.Recorder recorder(Duration window) {
    return new Measurement.Recorder(window, servers);
  }

  /** Lets so many writers write, each the next event when the last is stored. */
  Measurement measure(int writers, Duration window) throws Exception {
    return measure(eachWaits(writers), window);
  }

  /**
   * Lets writers do what a load says.
   *
   * @throws IllegalArgumentException if persistent actors cannot
   */
  Measurement measure(Load load, Duration window) throws Exception {
    return load(load, window).get(window.toSeconds() + ANSWER_SECONDS, TimeUnit.SECONDS);
  }

  /** What {@link #measure(int, Duration)} does, without waiting for its end. */
  CompletableFuture<Measurement> load(int writers, Duration window) {
    return load(eachWaits(writers), window);
  }

  private static Load.Append eachWaits(int writers) {
    return new Load.Append(Load.Choice.SAME, writers, writers, 1);
  }

  private CompletableFuture<Measurement> load(Load load, Duration window) {
    CompletableFuture<Measurement> result = new CompletableFuture<>();
    drivers
        .computeIfAbsent(load, this::startDriver)
        .tell(new LoadDriver.Measure(recorder(window), result));
    return result;
  }

  private ActorRef<LoadDriver.Message> startDriver(Load load) {
    String name = "load-" + drivers.size();
    return system.systemActorOf(LoadDriver.create(WriterWork.of(load, name)), name, Props.empty());
  }

  @Override
  public void close() {
    system.terminate();
    try {
      system.getWhenTerminated().toCompletableFuture().get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the actor system did not end", e);
    }
  }
}
