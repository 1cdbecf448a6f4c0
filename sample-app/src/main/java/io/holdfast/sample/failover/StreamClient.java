// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.failover;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Appends to one stream, one event after the other, each at the version that it knows. It asks one
 * node as long as that answers, and then the next. An event that found the store unavailable or
 * whose outcome is unknown is appended again with the same id and the same expected version, until
 * it is known what became of it.
 */
final class StreamClient implements Runnable {
  /** So that the load is steady, and does not take the machine from the nodes. */
  private static final Duration BETWEEN_EVENTS = Duration.ofMillis(40);

  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(200);

  /** How long an event is tried once the run is over. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final ApiClient api;
  private final List<URI> nodes;
  private final StreamLedger ledger;
  private final Tally tally;
  private final String name;
  private final BooleanSupplier over;
  private int node;
  private long version;

  StreamClient(
      ApiClient api,
      List<URI> nodes,
      int firstNode,
      StreamLedger ledger,
      Tally tally,
      String name,
      BooleanSupplier over) {
    this.api = api;
    this.nodes = nodes;
    this.node = firstNode % nodes.size();
    this.ledger = ledger;
    this.tally = tally;
    this.name = name;
    this.over = over;
  }

  @Override
  public void run() {
    try {
      for (int number = 1; !over.getAsBoolean(); number++) {
        if (!append(ledger.streamId() + "-" + name + "-" + number)) {
          return;
        }
        Thread.sleep(BETWEEN_EVENTS.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns whether the client may go on. */
  private boolean append(String eventId) throws InterruptedException {
    long begun = System.nanoTime();
    long overSince = 0;
    while (true) {
      long sent = System.nanoTime();
      Answer answer = api.append(nodes.get(node), ledger.streamId(), eventId, version);
      if (answer instanceof Answer.Acknowledged stored) {
        acknowledged(eventId, stored, begun, sent);
        return true;
      }
      if (answer instanceof Answer.Conflict conflict) {
        ledger.conflicted(eventId);
        tally.conflicts.increment();
        version = conflict.actualVersion();
        return true;
      }
      if (answer instanceof Answer.Unexpected unexpected) {
        ledger.unsettled(eventId);
        tally.unexpected.add(eventId + ": " + unexpected.what());
        return false;
      }
      (answer instanceof Answer.Unknown ? tally.unknown : tally.unavailable).increment();
      if (over.getAsBoolean()) {
        overSince = overSince == 0 ? sent : overSince;
        if (sent - overSince > PATIENCE.toNanos()) {
          ledger.unsettled(eventId);
          tally.unsettled.increment();
          return false;
        }
      }
      tally.retried.increment();
      node = (node + 1) % nodes.size();
      Thread.sleep(BETWEEN_ATTEMPTS.toMillis());
    }
  }

  private void acknowledged(String eventId, Answer.Acknowledged stored, long begun, long sent) {
    ledger.acknowledged(
        new Acknowledgement(
            eventId, version, stored.version(), begun, sent, System.nanoTime(), stored.repeated()));
    tally.acknowledged.increment();
    if (stored.repeated()) {
      tally.repeated.increment();
    }
    version = stored.version();
  }
}
