// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import io.holdfast.eventstore.FeedEvent;
import io.holdfast.eventstore.UnavailableException;
import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.AbruptStageTerminationException;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Subscribes to all streams until it is stopped or its node ends, and again where it could not
 * begin.
 */
final class FeedFollower {
  /** Hears of each event, one after the other. */
  interface Listener {
    void delivered(Deliveries.Delivery delivery, FeedOffset after);
  }

  private final LocalNode node;
  private final Listener listener;
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private volatile FeedOffset offset;
  private boolean stopped;
  private @Nullable UniqueKillSwitch killSwitch;

  private FeedFollower(LocalNode node, FeedOffset from, Listener listener) {
    this.node = node;
    this.offset = from;
    this.listener = listener;
  }

  static FeedFollower start(LocalNode node, FeedOffset from, Listener listener) {
    FeedFollower follower = new FeedFollower(node, from, listener);
    follower.begin();
    return follower;
  }

  /** Goes on where those deliveries end. */
  static FeedFollower start(LocalNode node, Deliveries deliveries) {
    return start(node, deliveries.offset(), deliveries::add);
  }

  private synchronized void begin() {
    if (stopped) {
      over.complete(null);
      return;
    }
    // Through the text, as it is kept by those who keep it.
    Pair<UniqueKillSwitch, CompletionStage<Done>> running =
        node.store()
            .subscribeAll(FeedFilter.all(), FeedOffset.parse(offset.toString()))
            .viaMat(KillSwitches.single(), Keep.right())
            .toMat(Sink.foreach(this::deliver), Keep.both())
            .run(node.system());
    killSwitch = running.first();
    running.second().whenComplete((done, failure) -> end(failure));
  }

  private void end(@Nullable Throwable failure) {
    if (failure instanceof UnavailableException) {
      CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS).execute(this::begin);
    } else {
      if (failure != null && !(failure instanceof AbruptStageTerminationException)) {
        LoggerFactory.getLogger(FeedFollower.class).error("The feed has failed", failure);
      }
      over.complete(null);
    }
  }

  private void deliver(FeedEvent item) {
    offset = item.offset();
    listener.delivered(delivery(item), item.offset());
  }

  static Deliveries.Delivery delivery(FeedEvent item) {
    return new Deliveries.Delivery(
        item.event().streamId(), item.event().version(), item.event().id(), System.nanoTime());
  }

  /** Completes when nothing is delivered any more. */
  synchronized CompletionStage<Void> stop() {
    stopped = true;
    if (killSwitch != null) {
      killSwitch.shutdown();
    }
    return over;
  }
}
