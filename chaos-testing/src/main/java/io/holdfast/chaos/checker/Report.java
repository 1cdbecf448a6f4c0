// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a check has found.
 *
 * @param operations how many there are, by operation and outcome
 * @param deliveries how many each consumer was given
 * @param faults how many there were, by kind
 * @param violations those that people want to know of first come first
 * @param notices what could not be checked
 */
public record Report(
    RecordedHistory history,
    Map<String, Map<String, Long>> operations,
    Map<String, Long> deliveries,
    Map<String, Long> faults,
    List<Violation> violations,
    List<String> notices) {
  static Report of(RecordedHistory history, List<Violation> violations) {
    Map<String, Map<String, Long>> operations = new TreeMap<>();
    long streamsWithoutLastRead = 0;
    String example = "";
    for (StreamHistory stream : history.streams()) {
      for (Op op : stream.ops()) {
        operations
            .computeIfAbsent(op.kind(), kind -> new TreeMap<>())
            .merge(op.outcomeKind(), 1L, Long::sum);
      }
      if (!stream.hasLastRead()) {
        streamsWithoutLastRead++;
        example = example.isEmpty() ? stream.id() : example;
      }
    }
    Map<String, Long> deliveries = new TreeMap<>();
    List<String> notices = new ArrayList<>();
    if (history.cutOff()) {
      notices.add("The history was cut off in its last line.");
    }
    if (streamsWithoutLastRead > 0) {
      notices.add(
          "%,d of %,d streams have no last read, such as '%s': whether their acknowledged events are there in the end could not be checked."
              .formatted(streamsWithoutLastRead, history.streams().size(), example));
    }
    for (Consumer consumer : history.consumers()) {
      deliveries.put("%s %s".formatted(consumer.kind(), consumer.name()), consumer.deliveries());
      if (!consumer.caughtUp()) {
        notices.add(
            "%s %s has not come to the end: whether it is given all events could not be checked."
                .formatted(consumer.kind(), consumer.name()));
      }
    }
    Map<String, Long> faults = new TreeMap<>();
    history.faults().forEach(fault -> faults.merge(fault.kind(), 1L, Long::sum));
    return new Report(history, operations, deliveries, faults, violations, notices);
  }

  /** How many operations there are, or how many with an outcome such as {@code ok}. */
  public long total(String... outcome) {
    return operations.values().stream()
        .flatMap(outcomes -> outcomes.entrySet().stream())
        .filter(entry -> outcome.length == 0 || List.of(outcome).contains(entry.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
