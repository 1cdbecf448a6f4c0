// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The application processes of a run, always as many: one that has ended, for whatever reason, is
 * replaced by a new one. Thread-safe.
 */
final class Applications implements AutoCloseable {
  private final String config;
  private final Path logs;
  private final AtomicInteger names = new AtomicInteger();
  private final List<AppProcess> running = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  Applications(String config, Path logs) {
    this.config = config;
    this.logs = logs;
  }

  /** Starts so many. Each joins when one before it has. */
  void start(int count) {
    for (int i = 0; i < count; i++) {
      add();
    }
  }

  /** In the order of their starts; also those that are not of use yet, or frozen. */
  List<AppProcess> running() {
    return List.copyOf(running);
  }

  /** One of those that are of use; none if there is none. */
  Optional<AppProcess> any(Random random) {
    List<AppProcess> useful = running.stream().filter(AppProcess::isOfUse).toList();
    return useful.isEmpty()
        ? Optional.empty()
        : Optional.of(useful.get(random.nextInt(useful.size())));
  }

  private synchronized void add() {
    if (closed) {
      return;
    }
    String name = "app-" + names.incrementAndGet();
    AppProcess started = AppProcess.start(name, config, logs.resolve(name + ".log"));
    List<CompletableFuture<String>> others =
        running.stream().filter(other -> !other.ended().isDone()).map(AppProcess::address).toList();
    running.add(started);
    var unusedEnd = started.ended().thenRunAsync(() -> replace(started));
    // Those that have just begun will say where they are, or have ended.
    var unusedJoin =
        CompletableFuture.allOf(others.toArray(CompletableFuture<?>[]::new))
            .handle((all, failure) -> others.stream().flatMap(Applications::known).toList())
            .thenAcceptBoth(started.address(), (contacts, own) -> started.join(contacts));
  }

  private static Stream<String> known(CompletableFuture<String> address) {
    return address.isCompletedExceptionally() ? Stream.empty() : Stream.of(address.join());
  }

  private void replace(AppProcess ended) {
    running.remove(ended);
    add();
  }

  @Override
  public synchronized void close() {
    closed = true;
    running.forEach(AppProcess::kill);
  }
}
