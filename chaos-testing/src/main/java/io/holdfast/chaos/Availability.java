// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos;

import io.holdfast.chaos.checker.Fault;
import io.holdfast.chaos.checker.Op;
import io.holdfast.chaos.checker.RecordedHistory;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How writing went on under the faults of a history, as JSON. */
final class Availability {
  private static final long SECOND = 1_000_000_000;

  /** When appends and persists were acknowledged, in order. */
  private final long[] acknowledged;

  private final RecordedHistory history;

  Availability(RecordedHistory history) {
    this.history = history;
    this.acknowledged =
        history.streams().stream()
            .flatMap(stream -> stream.ops().stream())
            .filter(op -> op.operation() instanceof Operation.Adding)
            .filter(op -> op.outcome() instanceof Outcome.Ok)
            .mapToLong(Op::completedAt)
            .sorted()
            .toArray();
  }

  /** How many were acknowledged in each second, up to the last one that has any. */
  List<Integer> perSecond() {
    int seconds =
        acknowledged.length == 0 ? 0 : (int) (acknowledged[acknowledged.length - 1] / SECOND) + 1;
    int[] counts = new int[seconds];
    for (long at : acknowledged) {
      counts[(int) (at / SECOND)]++;
    }
    return Arrays.stream(counts).boxed().toList();
  }

  /** Each fault with the time from its beginning to the next acknowledgement. */
  List<Map<String, Object>> faults() {
    List<Map<String, Object>> faults = new ArrayList<>();
    for (Fault fault : history.faults()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("kind", fault.kind());
      json.put("where", fault.where());
      json.put("detail", fault.detail());
      json.put("fromSeconds", fault.from() / (double) SECOND);
      json.put("toSeconds", Math.min(fault.to(), history.lastAt()) / (double) SECOND);
      int next = Arrays.binarySearch(acknowledged, fault.from());
      int index = next < 0 ? -next - 1 : next;
      if (index < acknowledged.length) {
        json.put("acknowledgedAfterMillis", (acknowledged[index] - fault.from()) / 1_000_000);
      }
      faults.add(json);
    }
    return faults;
  }
}
