// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.subscription;

import io.holdfast.eventstore.StreamDomainEvent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** What the handlers of all nodes were given, in one order. Thread-safe. */
final class Handled implements DurableSubscriptionTest.View {
  private final List<String> events = new ArrayList<>();
  private final Set<String> poison = ConcurrentHashMap.newKeySet();

  static String name(String stream, long version) {
    return stream + "@" + version;
  }

  /** Fails at an event from now on. */
  void refuse(String event) {
    poison.add(event);
  }

  void accept(String event) {
    poison.remove(event);
  }

  @Override
  public CompletionStage<Void> update(StreamDomainEvent<?> event) {
    String name = name(event.streamId(), event.version());
    if (poison.contains(name)) {
      throw new IllegalStateException("no taste for " + name);
    }
    synchronized (this) {
      events.add(name);
    }
    return CompletableFuture.completedFuture(null);
  }

  synchronized List<String> all() {
    return List.copyOf(events);
  }

  /** The first delivery of each. */
  synchronized Set<String> once() {
    return new LinkedHashSet<>(events);
  }

  @Override
  public synchronized CompletionStage<Void> clear() {
    events.clear();
    return CompletableFuture.completedFuture(null);
  }

  /** The first deliveries of a stream's events. */
  List<String> ofStream(String stream) {
    return once().stream().filter(event -> event.startsWith(stream + "@")).toList();
  }
}
