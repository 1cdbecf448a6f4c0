// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.Expected;
import io.holdfast.chaos.history.Operation;
import java.util.List;

/** What the attempts of a batch say together. */
final class Appends {
  private Appends() {}

  /** The attempts of which one has stored the events, if they are stored. */
  static List<Op> candidates(Batch batch) {
    Op writer = batch.writer();
    return writer == null ? batch.possible() : List.of(writer);
  }

  /** Whether the events do not stand, each once, one after the other. */
  static boolean isDoubtful(Batch batch, StreamOrder order) {
    long version = -1;
    for (String id : batch.ids()) {
      Sighting sighting = order.of(id);
      if (sighting == null
          || order.isRepeated(id)
          || (version >= 0 && sighting.version() != version + 1)) {
        return true;
      }
      version = sighting.version();
    }
    return false;
  }

  /** What an operation expects; an operation that cannot, expects nothing. */
  static Expected expectation(Op op) {
    if (op.operation() instanceof Operation.Adding adding) {
      return adding.expected();
    } else if (op.operation() instanceof Operation.Delete delete) {
      return delete.expected();
    }
    return op.operation() instanceof Operation.Close close ? close.expected() : Expected.any();
  }

  static List<Expected> expectations(List<Op> ops) {
    return ops.stream().map(Appends::expectation).distinct().toList();
  }
}
