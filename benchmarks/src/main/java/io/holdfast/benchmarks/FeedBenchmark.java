// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import io.holdfast.benchmarks.FeedPlan.Part;
import io.holdfast.benchmarks.report.Results;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The feed of all events: what the log that it is read from costs; how soon an event is delivered
 * after its acknowledgement; and how fast all events are read from the beginning. The latter two
 * against pekko-persistence-cassandra on the same Cassandra, in turn.
 */
final class FeedBenchmark {
  private static final String HOLDFAST = "holdfast";
  private static final String PEER = "peer";
  private static final String FEED_ON = "holdfast.journal.feed = on";

  private static final List<Integer> WRITER_COUNTS = List.of(100, 1_000, OnOff.SINGLE);
  private static final int BACKGROUND_WRITERS = 100;

  /** How often deliveries and catching up are measured, in turn. */
  private static final int PASSES = 2;

  private interface Step {
    void run() throws Exception;
  }

  private final Contact cassandra;
  private final FeedPlan plan;
  private final Results results = new Results();

  /** A benchmark that runs once. */
  FeedBenchmark(Contact cassandra, FeedPlan plan) {
    this.cassandra = cassandra;
    this.plan = plan;
  }

  Results run() throws Exception {
    if (plan.parts().contains(Part.LOG)) {
      measureLog();
    }
    if (plan.parts().contains(Part.DELIVERY)) {
      measureDelivery();
    }
    if (plan.parts().contains(Part.CATCH_UP)) {
      measureCatchUp();
    }
    return results;
  }

  private void measureLog() throws Exception {
    Plan load = plan.load();
    try (OnOff log =
        new OnOff(cassandra, "log", "holdfast.journal.feed", load, WRITER_COUNTS, results)) {
      log.warmUp();
      for (int round = 0; round < load.rounds(); round++) {
        System.err.printf("log: round %d of %d%n", round + 1, load.rounds());
        log.measure(round);
      }
    }
  }

  private void measureDelivery() throws Exception {
    try (WriterSystem node = HoldfastNode.start(cassandra, "delivery", FEED_ON);
        WriterSystem otherNode = HoldfastNode.start(cassandra, "delivery", FEED_ON);
        WorkerProcess peer = WorkerProcess.start(Variant.PEER, cassandra, "peer_delivery")) {
      TaggedJournal own = TaggedJournal.of(HOLDFAST, node, HoldfastNode.queries(node));
      TaggedJournal other = TaggedJournal.of(HOLDFAST, node, HoldfastNode.queries(otherNode));
      for (int pass = 0; pass < PASSES; pass++) {
        System.err.printf("delivery: round %d of %d%n", pass + 1, PASSES);
        measureDelivery(pass, "idle", 0, peer, own, other);
        measureDelivery(pass, "loaded", BACKGROUND_WRITERS, peer, own, other);
      }
    }
  }

  /** The peer first, since ratios are to the second: how many times as long it takes. */
  private void measureDelivery(
      int pass,
      String load,
      int background,
      TaggedJournal peer,
      TaggedJournal own,
      TaggedJournal other)
      throws Exception {
    String ownNode = load + ", own node";
    String otherNode = load + ", other node";
    inTurn(
        pass,
        () -> {
          Delivery.Result result = peer.deliver(background, plan.delivery());
          addDelivery(ownNode, PEER, result);
          addDelivery(otherNode, PEER, result);
        },
        () -> addDelivery(ownNode, HOLDFAST, own.deliver(background, plan.delivery())),
        () -> addDelivery(otherNode, HOLDFAST, other.deliver(background, plan.delivery())));
  }

  private void addDelivery(String scenario, String variant, Delivery.Result result) {
    results.add(scenario, "p50 ms", variant, result.p50Millis());
    results.add(scenario, "p99 ms", variant, result.p99Millis());
    if (result.backgroundPerSecond() > 0) {
      results.add(scenario, "load/s", variant, result.backgroundPerSecond());
    }
  }

  private void measureCatchUp() throws Exception {
    try (WriterSystem node = HoldfastNode.start(cassandra, "catch_up", FEED_ON);
        WorkerProcess peer = WorkerProcess.start(Variant.PEER, cassandra, "peer_catch_up")) {
      TaggedJournal own = TaggedJournal.of(HOLDFAST, node, HoldfastNode.queries(node));
      peer.write(plan.events(), plan.batchEvents());
      own.write(plan.events(), plan.batchEvents());
      for (int pass = 0; pass < PASSES; pass++) {
        inTurn(
            pass,
            () -> results.add("catch-up", "events/s", HOLDFAST, own.catchUp(plan.events())),
            () -> results.add("catch-up", "events/s", PEER, peer.catchUp(plan.events())));
      }
    }
  }

  /** There and back again: what gets slower with time does so for all. */
  private static void inTurn(int pass, Step... steps) throws Exception {
    List<Step> order = new ArrayList<>(List.of(steps));
    if (pass % 2 == 1) {
      Collections.reverse(order);
    }
    for (Step step : order) {
      step.run();
    }
  }
}
