// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import static io.holdfast.it.Stages.get;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * What befalls hosts and the readers in them: on each host a reader of the feed, which goes on from
 * its last place on the host that comes instead, and its share of one durable subscription. Used by
 * one thread.
 */
final class FeedChaos {
  /** What may happen. Each comes once before any comes again. */
  private enum Blow {
    DEATH,
    TWO_DEATHS,
    /** So long that the cluster takes the host out, which learns of it when it goes on. */
    LONG_FREEZE,
    SHORT_FREEZE,
    CUT,
    CUT_WHILE_FROZEN,
    LEAVE,
    NEW_READER
  }

  private static final int MAX_SHORT_FREEZE_MILLIS = 2_500;

  private final Hosts hosts;
  private final int instances;
  private final Random random;
  private final Deliveries subscription = new Deliveries("subscription");
  private final Map<NodeProcess, Deliveries> readers = new HashMap<>();
  private final List<Blow> ahead =
      new ArrayList<>(List.of(Blow.CUT_WHILE_FROZEN, Blow.NEW_READER, Blow.DEATH));
  private final Map<Blow, Integer> counts = new EnumMap<>(Blow.class);
  private int lost;

  /** Starts the readers. */
  FeedChaos(Hosts hosts, int instances, Random random) {
    this.hosts = hosts;
    this.instances = instances;
    this.random = random;
    for (NodeProcess host : hosts.running()) {
      settle(host, new Deliveries("reader-" + (readers.size() + 1)));
    }
  }

  /** All readers that run in hosts. */
  List<Deliveries> readers() {
    List<Deliveries> all = new ArrayList<>(readers.values());
    all.add(subscription);
    return all;
  }

  private void settle(NodeProcess host, Deliveries reader) {
    follow(host, reader);
    tell(host, host.handle(subscription, instances));
  }

  private void follow(NodeProcess host, Deliveries reader) {
    readers.put(host, reader);
    tell(host, host.follow(reader));
  }

  /** A host that was taken out meanwhile need not answer. */
  private static void tell(NodeProcess host, CompletionStage<Void> request) {
    get(
        CompletableFuture.anyOf(
            request.toCompletableFuture(), host.terminated().toCompletableFuture()));
  }

  /** Lets something happen, and returns when all hosts are there again. */
  void next() {
    replaceLost();
    if (ahead.isEmpty()) {
      ahead.addAll(Arrays.asList(Blow.values()));
      Collections.shuffle(ahead, random);
    }
    Blow blow = ahead.remove(0);
    counts.merge(blow, 1, Integer::sum);
    System.out.println("chaos: " + blow);
    List<NodeProcess> running = new ArrayList<>(hosts.running());
    Collections.shuffle(running, random);
    NodeProcess host = running.get(0);
    switch (blow) {
      case DEATH -> {
        hosts.remove(host);
        replace(host);
      }
      case TWO_DEATHS -> {
        hosts.remove(host);
        hosts.remove(running.get(1));
        replace(host);
        replace(running.get(1));
      }
      case LONG_FREEZE -> {
        host.pause();
        // It is a member once the frozen one is none any more.
        NodeProcess other = hosts.add();
        host.resume();
        get(host.terminated());
        hosts.remove(host);
        settle(other, reader(host));
      }
      case SHORT_FREEZE -> {
        host.pause();
        await(random.nextInt(MAX_SHORT_FREEZE_MILLIS));
        host.resume();
      }
      case CUT -> hosts.cut();
      case CUT_WHILE_FROZEN -> {
        host.pause();
        hosts.cut();
        await(random.nextInt(MAX_SHORT_FREEZE_MILLIS));
        host.resume();
      }
      case LEAVE -> {
        get(host.leave());
        hosts.remove(host);
        replace(host);
      }
      case NEW_READER -> follow(host, reader(host));
    }
  }

  /** A host that was frozen or busy for too long is taken out, and ends by itself. */
  private void replaceLost() {
    for (NodeProcess host : hosts.running()) {
      if (host.terminated().toCompletableFuture().isDone()) {
        lost++;
        hosts.remove(host);
        replace(host);
      }
    }
  }

  private void replace(NodeProcess gone) {
    settle(hosts.add(), reader(gone));
  }

  private Deliveries reader(NodeProcess gone) {
    Deliveries reader = readers.remove(gone);
    if (reader == null) {
      throw new IllegalStateException("host " + gone.name() + " has no reader");
    }
    return reader;
  }

  private static void await(int millis) {
    Executor later = CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
    get(CompletableFuture.runAsync(() -> {}, later));
  }

  @Override
  public String toString() {
    return "%s, and %d hosts taken out beside these".formatted(counts, lost);
  }
}
