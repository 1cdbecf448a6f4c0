// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Result;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What all checks of one stream look at: its history, and what follows from it. */
final class StreamModel {
  private final StreamHistory history;
  private final Set<Batch> batches;
  private final StreamOrder order;
  private final Deletions deletions;

  /** The version of the last event, deleted or not. */
  final Register version = new Register("version", 0);

  /** The lowest version that is kept; the version plus 1 if none is. */
  final Register first = new Register("first version", 1);

  /** 1 once the stream is closed. */
  final Register closed = new Register("closed", 0);

  final Findings findings;

  private @Nullable Boolean allSeen;
  private @Nullable Long highestPossible;

  StreamModel(StreamHistory history) {
    Map<String, Batch> byId = Batch.of(history.ops());
    this.history = history;
    this.batches = new LinkedHashSet<>(byId.values());
    this.order = new StreamOrder(byId);
    this.deletions = new Deletions(history.ops());
    this.findings = new Findings(history.id());
  }

  StreamHistory history() {
    return history;
  }

  Set<Batch> batches() {
    return batches;
  }

  StreamOrder order() {
    return order;
  }

  Deletions deletions() {
    return deletions;
  }

  /** All versions below it may be deleted at that time. */
  long deletedBelow(long time) {
    return deletions.below(time, this);
  }

  /** Whether the stream may have had ids of an append, which is a conflict by itself. */
  boolean idsMayBeStored(Op op) {
    return op.operation() instanceof Operation.Adding adding
        && (!allSeen() || adding.ids().stream().anyMatch(id -> order.of(id) != null));
  }

  /** The version that the stream can come to; {@link Long#MAX_VALUE} if no last read tells. */
  long highestPossible() {
    if (highestPossible == null) {
      highestPossible = lastVersion() < 0 ? Long.MAX_VALUE : lastVersion() + stillPossible();
    }
    return highestPossible;
  }

  /** How many events nobody has seen that may be appended yet. */
  private long stillPossible() {
    return batches.stream()
        .filter(batch -> order.of(batch.ids().get(0)) == null && !batch.possible().isEmpty())
        .mapToLong(batch -> batch.ids().size())
        .sum();
  }

  /** The version that the last reads tell; -1 without any. */
  private long lastVersion() {
    long last = -1;
    for (Op op : history.ops()) {
      if (op.isLastRead() && op.result() instanceof Result.Events read) {
        last = Math.max(last, read.version());
      }
    }
    return last;
  }

  private boolean allSeen() {
    if (allSeen == null) {
      allSeen = isAllSeen();
    }
    return allSeen;
  }

  /** Whether every event of the stream was seen, deleted ones included. */
  private boolean isAllSeen() {
    long last = lastVersion();
    for (long version = last; version > 0; version--) {
      if (order.at(version) == null) {
        return false;
      }
    }
    return last >= 0;
  }
}
