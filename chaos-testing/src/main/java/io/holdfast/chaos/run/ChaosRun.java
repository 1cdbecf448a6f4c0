// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.holdfast.chaos.history.HistoryWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** One run from its start to the history that it leaves. */
public final class ChaosRun {
  private static final Duration PROGRESS = Duration.ofSeconds(5);

  private static final Duration CATCHING_UP = Duration.ofMinutes(3);

  /**
   * What a run is to be.
   *
   * @param seed of what clients ask and of what is broken
   * @param length how long clients ask and things are broken
   * @param calm how long to wait after the faults and the last answers, for what has got none
   * @param faults what is broken
   * @param heap of each Cassandra node
   * @param overrides settings of the applications, as HOCON
   * @param folder where its history and logs go
   */
  public record Settings(
      long seed,
      Duration length,
      Duration calm,
      int replicas,
      int applications,
      int streamClients,
      int actorClients,
      Set<FaultSort> faults,
      PlantedBug planted,
      String heap,
      String overrides,
      Path folder) {}

  private final Settings settings;
  private final PrintWriter out;
  private final Tally tally = new Tally();
  private final Links links = new Links();
  private final Streams streams = new Streams();
  private final List<String> actors = new CopyOnWriteArrayList<>();
  private final List<Client> clients = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final long startNanos = System.nanoTime();

  private ChaosRun(Settings settings, PrintWriter out) {
    this.settings = settings;
    this.out = out;
  }

  /**
   * Runs, and says how it goes.
   *
   * @return the history
   */
  public static Path run(Settings settings, PrintWriter out)
      throws IOException, InterruptedException {
    return new ChaosRun(settings, out).run();
  }

  private Path run() throws IOException, InterruptedException {
    Path logs = Files.createDirectories(settings.folder());
    Path file = logs.resolve("history.jsonl");
    say("starting %d Cassandra nodes".formatted(settings.replicas()));
    try (Replicas replicas =
            Replicas.start(
                settings.replicas(), settings.heap(), settings.planted().commitLogSync());
        Applications applications =
            new Applications(config(replicas), replicas.contactPoints(), links, logs);
        HistoryWriter history = HistoryWriter.create(file, settings.seed(), described())) {
      say(
          "starting %d applications; their logs are in %s"
              .formatted(settings.applications(), logs));
      applications.start(settings.applications());
      awaitOfUse(applications);
      FeedReader reader =
          new FeedReader("feed-1", applications, history, new Random(settings.seed()));
      reader.start();
      startClients(applications, history);
      disturb(applications, replicas, history);
      say(
          "everything is mended; waiting %d s for the last requests"
              .formatted(settings.calm().toSeconds()));
      Thread.sleep(settings.calm().toMillis());
      awaitOfUse(applications);
      say("reading %,d streams and %,d actors".formatted(streams.used().size(), actors.size()));
      Map<String, Long> last =
          new FinalReads().run(streams.used(), actors, applications, history, tally);
      last.keySet().retainAll(streams.used()); // The store's feed has no events of actors.
      awaitEnd(reader, last, history);
      reader.caughtUp();
      say("done: " + tally);
    }
    return file;
  }

  private Map<String, String> described() {
    return Map.of(
        "length", settings.length().toString(),
        "replicas", Integer.toString(settings.replicas()),
        "applications", Integer.toString(settings.applications()),
        "streamClients", Integer.toString(settings.streamClients()),
        "actorClients", Integer.toString(settings.actorClients()),
        "faults", settings.faults().toString(),
        "planted", settings.planted().name(),
        "overrides", settings.overrides(),
        "java", System.getProperty("java.version"));
  }

  /** Also what a class path of many libraries would bring is the application's to load. */
  private Config config(Replicas replicas) {
    return ConfigFactory.parseString(settings.overrides())
        .withFallback(ConfigFactory.parseString(settings.planted().settings()))
        .withFallback(ConfigFactory.parseString(replicas.settings()))
        .withFallback(ConfigFactory.parseResources("chaos-app.conf"));
  }

  private static void awaitOfUse(Applications applications) throws InterruptedException {
    while (!applications.allAreOfUse()) {
      Thread.sleep(200);
    }
  }

  private void startClients(Applications applications, HistoryWriter history) {
    Random seeds = new Random(settings.seed());
    for (int i = 1; i <= settings.streamClients(); i++) {
      clients.add(
          new StreamClient(
              "client-" + i, applications, streams, history, tally, new Random(seeds.nextLong())));
    }
    for (int i = 1; i <= settings.actorClients(); i++) {
      clients.add(
          new ActorClient(
              "actors-" + i, applications, actors, history, tally, new Random(seeds.nextLong())));
    }
    for (Client client : clients) {
      Thread thread = new Thread(client, client.name());
      thread.start();
      threads.add(thread);
    }
  }

  private void disturb(Applications applications, Replicas replicas, HistoryWriter history)
      throws InterruptedException {
    long end = System.nanoTime() + settings.length().toNanos();
    Nemesis nemesis =
        settings.faults().isEmpty()
            ? null
            : Nemesis.start(
                applications,
                replicas,
                links,
                history,
                settings.faults(),
                settings.length(),
                settings.seed());
    long left = end - System.nanoTime();
    while (left > 0) {
      Thread.sleep(Math.min(PROGRESS.toMillis(), left / 1_000_000 + 1));
      history.flush();
      say(nemesis == null ? tally.toString() : tally + "; broken: " + nemesis.broken());
      left = end - System.nanoTime();
    }
    if (nemesis != null) {
      nemesis.end();
    }
    clients.forEach(Client::stop);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void awaitEnd(FeedReader reader, Map<String, Long> last, HistoryWriter history)
      throws InterruptedException {
    long limit = System.nanoTime() + CATCHING_UP.toNanos();
    say("waiting for the reader of the feed");
    while (!reader.hasAll(last) && System.nanoTime() < limit) {
      Thread.sleep(200);
      history.flush();
    }
  }

  private void say(String message) {
    long seconds = (System.nanoTime() - startNanos) / 1_000_000_000;
    out.printf("%02d:%02d  %s%n", seconds / 60, seconds % 60, message);
    out.flush();
  }
}
