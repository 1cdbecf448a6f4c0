// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.run;

import io.holdfast.chaos.app.Reply;
import io.holdfast.chaos.history.HistoryWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A reader of the feed that goes on in another application, at its offset, when the one in which it
 * ran has ended. Thread-safe.
 */
final class FeedReader implements AppProcess.ConsumerListener {
  private static final Duration PAUSE = Duration.ofMillis(300);

  private final String name;
  private final Applications applications;
  private final HistoryWriter history;
  private final Random random;
  private final Map<String, Long> versions = new HashMap<>();
  private String offset = "";
  private long delivered;
  private boolean stopped;

  FeedReader(String name, Applications applications, HistoryWriter history, Random random) {
    this.name = name;
    this.applications = applications;
    this.history = history;
    this.random = random;
  }

  /** Begins, or goes on, as soon as there is an application of use. */
  void start() {
    Optional<AppProcess> application;
    String from;
    synchronized (this) {
      if (stopped) {
        return;
      }
      application = applications.any(random);
      from = offset;
      if (application.isPresent()) {
        history.startConsumer(name, "feed", "stream-", delivered);
      }
    }
    if (application.isPresent()) {
      application.get().follow(name, from, this);
    } else {
      CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS)
          .execute(this::start);
    }
  }

  @Override
  public synchronized void delivered(Reply.Delivery delivery) {
    for (Reply.Item item : delivery.items()) {
      delivered = history.deliver(name, item.stream(), item.event().version(), item.event().id());
      versions.merge(item.stream(), item.event().version(), Math::max);
    }
    offset = delivery.offset();
  }

  @Override
  public void ended(String reason) {
    CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS).execute(this::start);
  }

  /** Whether it was given each stream up to that version. */
  synchronized boolean hasAll(Map<String, Long> last) {
    return last.entrySet().stream()
        .allMatch(entry -> versions.getOrDefault(entry.getKey(), 0L) >= entry.getValue());
  }

  synchronized void caughtUp() {
    history.caughtUp(name);
    stopped = true;
  }
}
