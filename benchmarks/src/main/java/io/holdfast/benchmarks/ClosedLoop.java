// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a number of requests under way: the next of each place is sent when the one before is
 * answered, by the thread that brings the answer.
 */
final class ClosedLoop {
  private static final long ANSWER_SECONDS = 120;

  /** Sends the next request of a place, from 0. Of one place never two at a time. */
  @FunctionalInterface
  interface Requests {
    CompletionStage<?> send(int place);
  }

  private final Measurement.Recorder recorder;
  private final Requests requests;

  private ClosedLoop(Measurement.Recorder recorder, Requests requests) {
    this.recorder = recorder;
    this.requests = requests;
  }

  /** Goes on until the recorder's window is closed and all requests are answered. */
  static Measurement measure(int places, Measurement.Recorder recorder, Requests requests)
      throws Exception {
    ClosedLoop loop = new ClosedLoop(recorder, requests);
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    for (int place = 0; place < places; place++) {
      CompletableFuture<Void> end = new CompletableFuture<>();
      ends.add(end);
      loop.send(place, end);
    }
    for (CompletableFuture<Void> end : ends) {
      end.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    }
    return recorder.close();
  }

  private void send(int place, CompletableFuture<Void> end) {
    long sentNanos = System.nanoTime();
    requests
        .send(place)
        .whenComplete(
            (answer, failure) -> {
              if (failure != null) {
                end.completeExceptionally(failure);
              } else if (recorder.record(System.nanoTime() - sentNanos)) {
                send(place, end);
              } else {
                end.complete(null);
              }
            });
  }
}
