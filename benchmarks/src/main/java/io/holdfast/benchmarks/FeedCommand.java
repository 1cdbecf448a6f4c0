// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import io.holdfast.benchmarks.FeedPlan.Part;
import io.holdfast.benchmarks.report.Results;
import io.holdfast.embedded.EmbeddedCassandra;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the feed of all events costs, and how fast it is. */
@Command(
    name = "feed",
    description =
        "What the feed's log costs, how soon events by tag are delivered, and how fast they are read from the beginning, against pekko-persistence-cassandra.",
    mixinStandardHelpOptions = true)
final class FeedCommand implements Callable<Integer> {
  @Mixin private final RunOptions options = new RunOptions();

  @Option(
      names = "--delivery-seconds",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "How long to measure each case of the delivery, twice (default: ${DEFAULT-VALUE}).")
  private int deliverySeconds;

  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Events to read from the beginning, twice (default: ${DEFAULT-VALUE}).")
  private int events;

  @Option(
      names = "--batch-events",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many of them are persisted at once (default: ${DEFAULT-VALUE}).")
  private int batchEvents;

  @Option(
      names = "--only",
      paramLabel = "PART",
      split = ",",
      description = "What to measure: any of ${COMPLETION-CANDIDATES} (default: all).")
  private Set<Part> parts = EnumSet.allOf(Part.class);

  @Override
  public Integer call() throws Exception {
    FeedPlan plan =
        new FeedPlan(
            parts, options.plan(), Duration.ofSeconds(deliverySeconds), events, batchEvents);
    try (EmbeddedCassandra cassandra = EmbeddedCassandra.builder().heap("2g").start()) {
      Results results = new FeedBenchmark(HoldfastNode.contact(cassandra), plan).run();
      options.report(
          "feed",
          results,
          Map.of(
              "secondsPerDelivery", deliverySeconds, "events", events, "batchEvents", batchEvents));
    }
    return 0;
  }
}
