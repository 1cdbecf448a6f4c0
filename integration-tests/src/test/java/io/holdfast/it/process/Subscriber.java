// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.eventstore.UnavailableException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.stream.javadsl.Sink;

/** Subscribes to one stream for as long as the test lasts; and again if it could not begin. */
final class Subscriber {
  private final LocalNode node;
  private final String streamId;
  private final List<String> ids = new CopyOnWriteArrayList<>();
  private volatile long lastVersion;
  private volatile Throwable failure = new IllegalStateException("it has not failed");
  private volatile boolean failed;

  private Subscriber(LocalNode node, String streamId) {
    this.node = node;
    this.streamId = streamId;
  }

  static Subscriber start(LocalNode node, String streamId) {
    Subscriber subscriber = new Subscriber(node, streamId);
    subscriber.subscribe();
    return subscriber;
  }

  private void subscribe() {
    node.store()
        .subscribeToStream(streamId, lastVersion + 1)
        .runWith(
            Sink.foreach(
                event -> {
                  ids.add(event.id());
                  lastVersion = event.version();
                }),
            node.system())
        .whenComplete(
            (done, problem) -> {
              if (problem instanceof UnavailableException) {
                CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS)
                    .execute(this::subscribeAgain);
              } else if (problem != null) {
                failure = problem;
                failed = true;
              }
            });
  }

  /** Nobody follows the stream any more when the system has ended. */
  private void subscribeAgain() {
    if (!node.system().getWhenTerminated().toCompletableFuture().isDone()) {
      subscribe();
    }
  }

  /** It was given the whole stream, each event once and in order. */
  void verify(LocalNode reader) {
    List<String> history = RetryingClient.read(reader, streamId);
    await().until(() -> failed || ids.size() >= history.size());
    assertThat(failed).as("%s: %s", streamId, failure).isFalse();
    assertThat(ids).as(streamId).isEqualTo(history);
  }
}
