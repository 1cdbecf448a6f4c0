// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import io.holdfast.chaos.history.Result;
import io.holdfast.chaos.history.UnusableHistoryException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events that are to be appended together, and every attempt to do so: retries have their ids. */
final class Batch {
  private final List<String> ids;
  private final List<Op> attempts = new ArrayList<>();

  private Batch(List<String> ids) {
    this.ids = ids;
  }

  /**
   * Those of one stream, by the ids of their events.
   *
   * @throws UnusableHistoryException if two that differ share an id
   */
  static Map<String, Batch> of(List<Op> ops) {
    Map<String, Batch> byId = new HashMap<>();
    for (Op op : ops) {
      if (!(op.operation() instanceof Operation.Adding adding) || adding.ids().isEmpty()) {
        continue;
      }
      Batch batch = byId.get(adding.ids().get(0));
      if (batch == null) {
        batch = new Batch(adding.ids());
        for (String id : adding.ids()) {
          if (byId.put(id, batch) != null) {
            throw notUnique(op, id);
          }
        }
      } else if (!batch.ids.equals(adding.ids())) {
        throw notUnique(op, adding.ids().get(0));
      }
      batch.attempts.add(op);
    }
    return byId;
  }

  private static UnusableHistoryException notUnique(Op op, String id) {
    return new UnusableHistoryException(
        "operation %d on stream '%s' uses event id '%s' of another append; retries must have all its ids, others none"
            .formatted(op.number(), op.stream(), id));
  }

  List<String> ids() {
    return ids;
  }

  List<Op> attempts() {
    return attempts;
  }

  /** The attempts after which the events may be there. */
  List<Op> possible() {
    return attempts.stream().filter(op -> op.outcome().mayHaveTakenPlace()).toList();
  }

  /** The attempts that were answered that the events are there. */
  List<Op> acknowledged() {
    return attempts.stream().filter(op -> op.outcome() instanceof Outcome.Ok).toList();
  }

  /** The first of the attempts that have appended the events themselves, as they were told. */
  @Nullable Op writer() {
    for (Op op : attempts) {
      if (op.result() instanceof Result.Appended appended && !appended.already()) {
        return op;
      }
    }
    return null;
  }
}
