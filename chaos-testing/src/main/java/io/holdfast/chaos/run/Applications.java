// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The application processes of a run, always as many: one that has ended, for whatever reason, is
 * replaced by a new one. They form one cluster. A new one is formed only when all members of the
 * last one have ended. Thread-safe.
 */
final class Applications implements AutoCloseable {
  private static final int POLL_MILLIS = 200;

  private final Config config;
  private final List<InetSocketAddress> replicas;
  private final Links links;
  private final Path logs;
  private final List<AppProcess> running = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private int started;

  /**
   * Starts none yet.
   *
   * @param config what all have in common
   */
  Applications(Config config, List<InetSocketAddress> replicas, Links links, Path logs) {
    this.config = config;
    this.replicas = replicas;
    this.links = links;
    this.logs = logs;
  }

  /** Starts so many. */
  void start(int count) {
    for (int i = 0; i < count; i++) {
      add();
    }
    Thread joining = new Thread(this::letJoin, "joining");
    joining.setDaemon(true);
    joining.start();
  }

  /** In the order of their starts; also those that are not of use yet, or frozen. */
  List<AppProcess> running() {
    return List.copyOf(running);
  }

  boolean allAreOfUse() {
    return running.stream().allMatch(AppProcess::isOfUse);
  }

  /** One of those that are of use; none if there is none. */
  Optional<AppProcess> any(Random random) {
    List<AppProcess> useful = running.stream().filter(AppProcess::isOfUse).toList();
    return useful.isEmpty()
        ? Optional.empty()
        : Optional.of(useful.get(random.nextInt(useful.size())));
  }

  private synchronized void add() {
    if (closed.getCount() == 0) {
      return;
    }
    started++;
    AppLinks own = new AppLinks(started, replicas, links);
    Config settings = ConfigFactory.parseString(own.settings()).withFallback(config);
    AppProcess process =
        AppProcess.start(
            own.name(),
            settings.root().render(ConfigRenderOptions.concise()),
            logs.resolve(own.name() + ".log"));
    running.add(process);
    var unused =
        process
            .ended()
            .thenRunAsync(
                () -> {
                  own.close();
                  running.remove(process);
                  add();
                });
  }

  private void letJoin() {
    try {
      while (!closed.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        List<AppProcess> living =
            running.stream().filter(process -> !process.ended().isDone()).toList();
        List<AppProcess> members = living.stream().filter(AppProcess::isOfUse).toList();
        for (AppProcess process : living) {
          if (process.hasNobodyToJoin()) {
            if (!members.isEmpty()) {
              process.join(members);
            } else if (process.equals(living.get(0))) {
              process.join(List.of(process));
            }
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized void close() {
    closed.countDown();
    running.forEach(AppProcess::kill);
  }
}
