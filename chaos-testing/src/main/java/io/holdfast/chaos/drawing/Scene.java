// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.drawing;

import io.holdfast.chaos.checker.Evidence;
import io.holdfast.chaos.checker.Fault;
import io.holdfast.chaos.checker.Op;
import io.holdfast.chaos.checker.RecordedHistory;
import io.holdfast.chaos.checker.StreamHistory;
import io.holdfast.chaos.checker.Violation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * What is drawn of a violation: the records that contradict each other, those of the same stream
 * that are nearest to them in time, and the faults meanwhile.
 *
 * @param others without {@code marked}
 * @param rows clients and consumers
 */
record Scene(List<Evidence> marked, List<Evidence> others, List<Fault> faults, List<String> rows) {
  private static final int MAX_OTHERS = 40;

  static Scene of(RecordedHistory history, Violation violation) {
    List<Evidence> marked = violation.evidence();
    List<Evidence> others = new ArrayList<>();
    StreamHistory stream = history.stream(violation.stream());
    others.addAll(stream.ops());
    stream.deliveries().values().forEach(others::addAll);
    others.removeAll(marked);
    others.sort(Comparator.comparingLong(other -> distance(other, marked)));
    List<Evidence> nearest = List.copyOf(others.subList(0, Math.min(MAX_OTHERS, others.size())));
    List<Evidence> all = new ArrayList<>(marked);
    all.addAll(nearest);
    long begin = all.stream().mapToLong(Evidence::from).min().orElse(0);
    long end = all.stream().mapToLong(Scene::endOf).max().orElse(0);
    List<Fault> faults =
        history.faults().stream()
            .filter(fault -> fault.from() <= end && fault.to() >= begin)
            .toList();
    return new Scene(marked, nearest, faults, rows(all));
  }

  /** Clients, then consumers. */
  private static List<String> rows(List<Evidence> all) {
    Comparator<String> order = Comparator.comparing(String::length);
    TreeSet<String> clients = new TreeSet<>(order.thenComparing(Comparator.naturalOrder()));
    TreeSet<String> consumers = new TreeSet<>();
    for (Evidence one : all) {
      (one instanceof Op ? clients : consumers).add(one.who());
    }
    List<String> rows = new ArrayList<>(clients);
    rows.addAll(consumers);
    return List.copyOf(rows);
  }

  static long endOf(Evidence evidence) {
    return evidence.to() == Op.NEVER ? evidence.from() : evidence.to();
  }

  /** Zero where they overlap. */
  private static long distance(Evidence other, List<Evidence> marked) {
    long nearest = Long.MAX_VALUE;
    for (Evidence one : marked) {
      long before = one.from() - endOf(other);
      long after = other.from() - endOf(one);
      nearest = Math.min(nearest, Math.max(0, Math.max(before, after)));
    }
    return nearest;
  }

  /** The times between which something was drawn, in order. */
  long[] times() {
    TreeSet<Long> times = new TreeSet<>();
    for (List<Evidence> some : List.of(marked, others)) {
      for (Evidence one : some) {
        times.add(one.from());
        times.add(endOf(one));
      }
    }
    return times.stream().mapToLong(Long::longValue).toArray();
  }
}
