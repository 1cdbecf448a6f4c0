// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.failover;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeoutException;

/** One node's death under load, and what became of the events. */
final class FailoverRound {
  /** What comes at all comes sooner, even on a slow machine. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  private final ApiClient api;
  private final FailoverCluster cluster;
  private final FailoverOptions options;

  FailoverRound(ApiClient api, FailoverCluster cluster, FailoverOptions options) {
    this.api = api;
    this.cluster = cluster;
    this.options = options;
  }

  /**
   * Runs the round; the victim's process has ended afterwards.
   *
   * @param prefix of the ids of the round's streams, which must be new
   * @param random which node dies, of those that host streams
   */
  FailoverResult run(String prefix, Death death, Random random)
      throws IOException, InterruptedException, TimeoutException {
    List<URI> nodes = cluster.addresses();
    try (Load load = Load.start(api, nodes, prefix, options.streams())) {
      long begun = System.nanoTime();
      await("each stream has its first event", () -> allWritable(load, begun));
      Thread.sleep(options.before().toMillis());
      Map<String, Integer> shards = api.shards(nodes.get(0));
      int victim = victim(nodes, shards, random);
      List<URI> survivors = new ArrayList<>(nodes);
      survivors.remove(victim);
      long before = load.tally().acknowledged.sum();

      long died = System.nanoTime();
      if (death == Death.KILL) {
        cluster.kill(victim);
      } else {
        cluster.freeze(victim);
      }
      await("each stream is writable again", () -> allWritable(load, died));
      if (death == Death.FREEZE) {
        await(
            "the others have %s as a member no longer".formatted(nodes.get(victim)),
            () -> isRemoved(nodes.get(victim), survivors));
        cluster.thaw(victim);
        await("the node that was frozen has ended itself", () -> !cluster.isAlive(victim));
      }
      Thread.sleep(options.after().toMillis());
      load.end();
      return new FailoverResult(
          nodes.get(victim),
          shards.getOrDefault(nodes.get(victim).toString(), 0),
          load.clients(),
          before,
          load.writableAgain(died),
          load.tally(),
          compare(load, survivors));
    }
  }

  /** One that hosts its share: the death of a node without streams would show nothing. */
  private static int victim(List<URI> nodes, Map<String, Integer> shards, Random random) {
    int all = shards.values().stream().mapToInt(Integer::intValue).sum();
    int share = all / nodes.size() / 2;
    List<URI> busy =
        nodes.stream().filter(node -> shards.getOrDefault(node.toString(), 0) >= share).toList();
    return nodes.indexOf(busy.get(random.nextInt(busy.size())));
  }

  private boolean allWritable(Load load, long sinceNanos) {
    return load.writableAgain(sinceNanos).size() == options.streams();
  }

  private boolean isRemoved(URI victim, List<URI> survivors)
      throws IOException, InterruptedException {
    for (URI survivor : survivors) {
      if (api.shards(survivor).containsKey(victim.toString())) {
        return false;
      }
    }
    return true;
  }

  /** Reads every stream from every survivor, and lists what is wrong with any. */
  private List<String> compare(Load load, List<URI> survivors)
      throws IOException, InterruptedException {
    List<String> wrong = new ArrayList<>(load.tally().unexpected);
    for (StreamLedger told : load.ledgers()) {
      List<StoredEvent> first = api.read(survivors.get(0), told.streamId());
      HistoryCheck.check(told, first)
          .forEach(what -> wrong.add("stream " + told.streamId() + ": " + what));
      for (URI survivor : survivors.subList(1, survivors.size())) {
        if (!api.read(survivor, told.streamId()).equals(first)) {
          wrong.add(
              "stream %s: %s and %s read different events"
                  .formatted(told.streamId(), survivors.get(0), survivor));
        }
      }
    }
    return wrong;
  }

  /** What is waited for. */
  private interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  private static void await(String what, Condition condition)
      throws IOException, InterruptedException, TimeoutException {
    long begun = System.nanoTime();
    while (!condition.holds()) {
      if (System.nanoTime() - begun > PATIENCE.toNanos()) {
        throw new TimeoutException("waited %d s until %s".formatted(PATIENCE.toSeconds(), what));
      }
      Thread.sleep(BETWEEN_LOOKS.toMillis());
    }
  }
}
