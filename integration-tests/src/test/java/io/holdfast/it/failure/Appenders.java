// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.it.SingleTries;
import io.holdfast.it.failure.AppendHistory.Outcome;
import io.holdfast.test.Patience;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Clients that append without pause, each to a stream of its own. */
final class Appenders {
  private static final int MAX_BATCH = 30;

  private final ExecutorService threads;
  private final List<AppendHistory> histories = new ArrayList<>();
  private final List<Future<?>> running = new ArrayList<>();
  private volatile boolean stopping;

  private Appenders(int count) {
    threads = Executors.newFixedThreadPool(count);
  }

  static Appenders start(SingleTries store, int count, long seed) {
    Appenders appenders = new Appenders(count);
    for (int i = 0; i < count; i++) {
      AppendHistory history = new AppendHistory("stream-" + i);
      Random random = new Random(seed + i);
      appenders.histories.add(history);
      appenders.running.add(appenders.threads.submit(() -> appenders.run(store, history, random)));
    }
    return appenders;
  }

  private void run(SingleTries store, AppendHistory history, Random random) {
    while (!stopping) {
      history.append(store, 1 + random.nextInt(MAX_BATCH));
    }
  }

  List<AppendHistory> histories() {
    return histories;
  }

  long count(Outcome outcome) {
    return histories.stream().mapToLong(history -> history.count(outcome)).sum();
  }

  /** Lets each finish its append, and fails if one met with an answer that it must not get. */
  void stop() throws Exception {
    stopping = true;
    try {
      for (Future<?> client : running) {
        client.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(threads.awaitTermination(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }
}
