// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Wakes those who wait for the next write to a stream from this actor system. A hint only: what was
 * written need not be settled. Costs next to nothing while nobody waits. Thread-safe.
 */
final class WriteSignals {
  private final ConcurrentHashMap<String, List<CompletableFuture<Void>>> waiting =
      new ConcurrentHashMap<>();

  /** Completes with the next write. Whoever does not wait any longer completes it himself. */
  CompletableFuture<Void> next(String persistenceId) {
    CompletableFuture<Void> signal = new CompletableFuture<>();
    waiting.merge(persistenceId, List.of(signal), WriteSignals::joined);
    CompletionStage<Void> over = signal;
    over.whenComplete((written, failure) -> forget(persistenceId, signal));
    return signal;
  }

  void written(String persistenceId) {
    if (waiting.isEmpty()) {
      return;
    }
    List<CompletableFuture<Void>> woken = waiting.remove(persistenceId);
    if (woken != null) {
      woken.forEach(signal -> signal.complete(null));
    }
  }

  boolean isIdle() {
    return waiting.isEmpty();
  }

  private void forget(String persistenceId, CompletableFuture<Void> signal) {
    waiting.computeIfPresent(persistenceId, (id, signals) -> without(signals, signal));
  }

  private static List<CompletableFuture<Void>> joined(
      List<CompletableFuture<Void>> some, List<CompletableFuture<Void>> others) {
    List<CompletableFuture<Void>> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }

  private static @Nullable List<CompletableFuture<Void>> without(
      List<CompletableFuture<Void>> signals, CompletableFuture<Void> signal) {
    List<CompletableFuture<Void>> rest = signals.stream().filter(other -> other != signal).toList();
    return rest.isEmpty() ? null : rest;
  }
}
