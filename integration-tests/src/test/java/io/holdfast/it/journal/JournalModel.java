// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.holdfast.it.journal.ModelledActor.Recovered;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What must be recovered of one persistence id after all that was done with it. */
final class JournalModel {
  private final int maxBatchSize;

  /** Stored events that are not deleted, by sequence number. */
  private final TreeMap<Long, String> events = new TreeMap<>();

  private final TreeMap<Long, List<String>> snapshots = new TreeMap<>();

  /** Groups that were written and not answered, by their first sequence number, in order. */
  private final TreeMap<Long, List<String>> unanswered = new TreeMap<>();

  private final Set<String> everStored = new HashSet<>();
  private List<String> state = new ArrayList<>();

  /** Where the stream ends, and where the actor stands: rejected events have numbers too. */
  private long highest;

  private long last;

  /** The end may be as high as that: what was rejected there may have been filled. */
  private long filledTo;

  JournalModel(int maxBatchSize) {
    this.maxBatchSize = maxBatchSize;
  }

  long last() {
    return last;
  }

  /** Whether a snapshot of the state can be told from none. */
  boolean hasState() {
    return !state.isEmpty();
  }

  /** Whether anything was ever stored. */
  boolean isOwned() {
    return !everStored.isEmpty();
  }

  /** The actor has begun to write. */
  void write(List<List<String>> groups) {
    for (List<String> group : groups) {
      boolean rejected =
          group.size() > maxBatchSize
              || group.stream().anyMatch(t -> t.startsWith(TestEvent.REFUSED));
      if (!rejected) {
        unanswered.put(last + 1, group);
      }
      last += group.size();
    }
  }

  /** All that was written was answered. */
  void answered() {
    unanswered.forEach(this::store);
    unanswered.clear();
  }

  private void store(long first, List<String> group) {
    for (int i = 0; i < group.size(); i++) {
      events.put(first + i, group.get(i));
    }
    highest = first + group.size() - 1;
    state.addAll(group);
    everStored.addAll(group);
  }

  void delete(long toSequenceNr) {
    events.headMap(Math.min(toSequenceNr, highest), true).clear();
  }

  void snapshot(long sequenceNr) {
    assertThat(sequenceNr).isEqualTo(last);
    snapshots.put(sequenceNr, List.copyOf(state));
  }

  void deleteSnapshots(long toSequenceNr) {
    snapshots.headMap(toSequenceNr, true).clear();
  }

  /**
   * The actor has recovered, here or elsewhere: from what was stored, and of what was not answered
   * the first groups, at least those that were acknowledged.
   */
  void recovered(Recovered found, Set<String> acknowledged) {
    List<Map.Entry<Long, List<String>>> uncertain = List.copyOf(unanswered.entrySet());
    unanswered.clear();
    List<List<String>> allowed = new ArrayList<>();
    for (int stored = 0; stored <= uncertain.size(); stored++) {
      if (stored > 0) {
        store(uncertain.get(stored - 1).getKey(), uncertain.get(stored - 1).getValue());
      }
      if (stored < uncertain.size()) {
        filledTo = Math.max(filledTo, uncertain.get(stored).getKey() - 1);
      }
      state = expectedState();
      allowed.add(state);
      long snapshot = snapshots.isEmpty() ? 0 : snapshots.lastKey();
      if (state.equals(found.texts())
          && found.lastSequenceNr() >= Math.max(highest, snapshot)
          && found.lastSequenceNr() <= Math.max(Math.max(highest, filledTo), snapshot)) {
        for (Map.Entry<Long, List<String>> lost : uncertain.subList(stored, uncertain.size())) {
          assertThat(acknowledged).doesNotContainAnyElementsOf(lost.getValue());
        }
        if (found.lastSequenceNr() > snapshot) {
          highest = found.lastSequenceNr();
          filledTo = highest;
        }
        last = found.lastSequenceNr();
        return;
      }
    }
    fail(
        "recovered %s, but %s, unanswered %s, would be one of %s", found, this, uncertain, allowed);
  }

  private List<String> expectedState() {
    List<String> expected = new ArrayList<>();
    long after = 0;
    if (!snapshots.isEmpty()) {
      after = snapshots.lastKey();
      expected.addAll(snapshots.lastEntry().getValue());
    }
    expected.addAll(events.tailMap(after, false).values());
    return expected;
  }

  /** Also what was acknowledged after the actor's end was noticed elsewhere. */
  void verifyAcknowledged(Set<String> acknowledged) {
    assertThat(everStored).containsAll(acknowledged);
  }

  @Override
  public String toString() {
    return "events %s, snapshots %s, highest %d, last %d"
        .formatted(events, snapshots, highest, last);
  }
}
