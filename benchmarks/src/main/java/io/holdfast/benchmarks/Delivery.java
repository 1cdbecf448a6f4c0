// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * How long after a writer's acknowledgement a live query by tag delivers the event. A few writers
 * write tagged events at random moments, some seven a second in all, while others, without tags,
 * write as fast as they can or not at all.
 */
final class Delivery {
  /** Of what was delivered in one window. */
  record Result(long events, double p50Millis, double p99Millis, double backgroundPerSecond) {}

  private static final int STREAMS = 10;
  private static final int MIN_PAUSE_MILLIS = 50;
  private static final int MAX_PAUSE_MILLIS = 250;

  /** At the beginning, when streams are claimed and queries start. */
  private static final Duration LEAD = Duration.ofSeconds(2);

  private static final Duration LAST_DELIVERY = Duration.ofSeconds(60);

  private final WriterSystem writers;
  private final TagQueries queries;
  private final Random random = new Random(17);

  Delivery(WriterSystem writers, TagQueries queries) {
    this.writers = writers;
    this.queries = queries;
  }

  Result measure(int backgroundWriters, Duration window) throws Exception {
    Deliveries deliveries = new Deliveries();
    String tag = "delivery-" + Long.toString(System.nanoTime(), Character.MAX_RADIX);
    Pair<UniqueKillSwitch, CompletionStage<Done>> subscription =
        queries
            .live(tag, Instant.now())
            .viaMat(KillSwitches.single(), Keep.right())
            .toMat(Sink.foreach(deliveries::delivered), Keep.both())
            .run(queries.system().system());
    try {
      CompletableFuture<Measurement> background =
          backgroundWriters == 0
              ? CompletableFuture.completedFuture(new Measurement.Recorder().close())
              : writers.load(backgroundWriters, LEAD.plus(window));
      List<ActorRef<EventWriter.Write>> streams = new ArrayList<>();
      for (int i = 0; i < STREAMS; i++) {
        streams.add(writers.writer(tag + "-" + i, Set.of(tag)));
      }
      write(streams, tag, deliveries, LEAD);
      deliveries.countFromNow();
      write(streams, tag, deliveries, window);
      Measurement load = background.get(LAST_DELIVERY.toSeconds(), TimeUnit.SECONDS);
      Measurement delivered = deliveries.await(LAST_DELIVERY, subscription.second());
      return new Result(
          delivered.count(),
          delivered.percentile(50) / 1e3,
          delivered.percentile(99) / 1e3,
          load.perSecond());
    } finally {
      subscription.first().shutdown();
    }
  }

  private void write(
      List<ActorRef<EventWriter.Write>> streams, String tag, Deliveries deliveries, Duration window)
      throws InterruptedException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < window.toNanos()) {
      TimeUnit.MILLISECONDS.sleep(random.nextInt(MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS + 1));
      int stream = random.nextInt(STREAMS);
      String persistenceId = tag + "-" + stream;
      deliveries.written();
      streams
          .get(stream)
          .tell(
              new EventWriter.Write(
                  1, sequenceNr -> deliveries.acknowledged(persistenceId, sequenceNr)));
    }
  }
}
