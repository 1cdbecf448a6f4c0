// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.failover;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Clients that append until they are told to end: one for each stream, and a rival on every fourth,
 * so that there are conflicts, too. They begin spread over the nodes.
 */
final class Load implements AutoCloseable {
  private static final int STREAMS_PER_RIVAL = 4;
  private static final Duration END_TIMEOUT = Duration.ofMinutes(3);

  private final List<StreamLedger> ledgers = new ArrayList<>();
  private final Tally tally = new Tally();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile boolean over;
  private int clients;

  private Load() {}

  static Load start(ApiClient api, List<URI> nodes, String prefix, int streams) {
    Load load = new Load();
    for (int i = 0; i < streams; i++) {
      StreamLedger ledger = new StreamLedger(prefix + "-" + (i + 1));
      load.ledgers.add(ledger);
      load.client(api, nodes, i, ledger, "a");
      if (i % STREAMS_PER_RIVAL == 0) {
        load.client(api, nodes, i + 1, ledger, "b");
      }
    }
    load.threads.shutdown();
    return load;
  }

  private void client(
      ApiClient api, List<URI> nodes, int firstNode, StreamLedger ledger, String name) {
    clients++;
    threads.execute(new StreamClient(api, nodes, firstNode, ledger, tally, name, () -> over));
  }

  int clients() {
    return clients;
  }

  List<StreamLedger> ledgers() {
    return List.copyOf(ledgers);
  }

  Tally tally() {
    return tally;
  }

  /** How long each stream took to store an event that was sent after an instant, shortest first. */
  List<Duration> writableAgain(long sinceNanos) {
    return ledgers.stream()
        .flatMapToLong(ledger -> ledger.writableAgain(sinceNanos).stream())
        .sorted()
        .mapToObj(Duration::ofNanos)
        .toList();
  }

  /** Begins no more events, and waits until it is known what became of each. */
  void end() throws InterruptedException, TimeoutException {
    over = true;
    if (!threads.awaitTermination(END_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
      throw new TimeoutException(
          "clients still wait for answers %d s after the load's end"
              .formatted(END_TIMEOUT.toSeconds()));
    }
  }

  @Override
  public void close() {
    over = true;
    threads.shutdownNow();
  }
}
