// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.failover;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether what is stored in a stream is what its clients were told: every acknowledged event is
 * there, once, at the version that was named; versions have no gaps; nothing is there that was
 * refused; and an event that was acknowledged before another was begun stands before it.
 */
final class HistoryCheck {
  private HistoryCheck() {}

  /** What is wrong with a stream as some node has read it; empty if nothing is. */
  static List<String> check(StreamLedger told, List<StoredEvent> stored) {
    List<String> wrong = new ArrayList<>();
    Map<String, Long> versions = new HashMap<>();
    for (int i = 0; i < stored.size(); i++) {
      StoredEvent event = stored.get(i);
      if (event.version() != i + 1) {
        wrong.add(
            "event %s has version %d, expected was %d"
                .formatted(event.id(), event.version(), i + 1));
      }
      Long earlier = versions.putIfAbsent(event.id(), event.version());
      if (earlier != null) {
        wrong.add(
            "event %s is there twice, at %d and %d"
                .formatted(event.id(), earlier, event.version()));
      }
    }
    checkAcknowledged(told.acknowledged(), versions, wrong);
    checkOthers(told, versions.keySet(), wrong);
    checkRealTimeOrder(told.acknowledged(), wrong);
    return wrong;
  }

  private static void checkAcknowledged(
      List<Acknowledgement> acknowledged, Map<String, Long> versions, List<String> wrong) {
    for (Acknowledgement event : acknowledged) {
      Long version = versions.get(event.eventId());
      if (version == null) {
        wrong.add(
            "event %s was acknowledged as version %d, and is not there"
                .formatted(event.eventId(), event.version()));
      } else if (version != event.version()) {
        wrong.add(
            "event %s was acknowledged as version %d, and is at %d"
                .formatted(event.eventId(), event.version(), version));
      }
      if (event.version() != event.expectedVersion() + 1) {
        wrong.add(
            "event %s was appended at %d, and acknowledged as %d"
                .formatted(event.eventId(), event.expectedVersion(), event.version()));
      }
    }
  }

  private static void checkOthers(StreamLedger told, Set<String> stored, List<String> wrong) {
    Set<String> unsettled = told.unsettled();
    Set<String> conflicted = told.conflicted();
    Set<String> acknowledged = new HashSet<>();
    told.acknowledged().forEach(event -> acknowledged.add(event.eventId()));
    for (String id : stored) {
      if (conflicted.contains(id)) {
        wrong.add("event %s was refused as a conflict, and is there".formatted(id));
      } else if (!acknowledged.contains(id) && !unsettled.contains(id)) {
        wrong.add("event %s is there, and nobody has appended it".formatted(id));
      }
    }
  }

  private static void checkRealTimeOrder(List<Acknowledgement> acknowledged, List<String> wrong) {
    List<Acknowledgement> latestFirst =
        acknowledged.stream()
            .sorted(Comparator.comparingLong(Acknowledgement::version).reversed())
            .toList();
    Acknowledgement earliest = null;
    for (Acknowledgement event : latestFirst) {
      if (earliest != null && earliest.answeredNanos() - event.begunNanos() < 0) {
        wrong.add(
            "event %s, version %d, was acknowledged before event %s, version %d, was begun"
                .formatted(
                    earliest.eventId(), earliest.version(), event.eventId(), event.version()));
      }
      if (earliest == null || event.answeredNanos() - earliest.answeredNanos() < 0) {
        earliest = event;
      }
    }
  }
}
