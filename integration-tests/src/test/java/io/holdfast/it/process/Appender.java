// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorSystem;

/** A client in a node's own process that appends to one subject, one event at a time. */
final class Appender {
  /** Hears of each event before it is sent, and what became of it. */
  interface Listener {
    void begun(String eventId);

    void ended(String eventId, Answer answer);
  }

  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(20);

  private final ActorSystem<?> system;
  private final Node node;
  private final Subject subject;
  private final Listener listener;
  private final CompletableFuture<Void> halted = new CompletableFuture<>();
  private volatile boolean halting;
  private int events;

  private Appender(ActorSystem<?> system, Node node, Subject subject, Listener listener) {
    this.system = system;
    this.node = node;
    this.subject = subject;
    this.listener = listener;
  }

  static Appender start(LocalNode node, Subject subject, Listener listener) {
    Appender appender = new Appender(node.system(), node, subject, listener);
    appender.next();
    return appender;
  }

  private void next() {
    if (halting) {
      halted.complete(null);
      return;
    }
    events++;
    String eventId = node.name() + "+" + events;
    listener.begun(eventId);
    node.append(subject, eventId).thenAccept(answer -> ended(eventId, answer));
  }

  private void ended(String eventId, Answer answer) {
    listener.ended(eventId, answer);
    if (answer.isAppended()) {
      next();
    } else {
      system.scheduler().scheduleOnce(PAUSE_AFTER_FAILURE, this::next, system.executionContext());
    }
  }

  /** Sends no more; completes when the last event has been answered. */
  CompletableFuture<Void> halt() {
    halting = true;
    return halted;
  }
}
