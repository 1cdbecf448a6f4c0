// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.feed.FeedFilter;
import io.holdfast.it.Stages;
import io.holdfast.it.journal.JournalSystem.Replayed;
import io.holdfast.it.journal.JournalSystem.Written;
import io.holdfast.query.HoldfastReadJournal;
import io.holdfast.serialization.SerializationException;
import io.holdfast.testkit.CassandraExtension;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.journal.Tagged;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.persistence.query.typed.EventEnvelope;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Rejected events at every position around the borders of partitions of three. Pekko does not take
 * a rejected event's number back, so the stream goes on after a gap, which the journal has to fill
 * to find what comes after.
 */
class RejectedEventsTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final int PARTITION_SIZE = 3;
  private static final int EVENTS = 6;
  private static final String FEED = "\nholdfast.journal.feed = on";
  private static final String SETTINGS = "holdfast.cassandra.partition-size = " + PARTITION_SIZE;

  /**
   * A pattern of stored ('s') and rejected ('r') events, and the sequence numbers of the stored
   * ones.
   */
  private static List<Long> stored(String pattern) {
    List<Long> stored = new ArrayList<>();
    for (int i = 0; i < pattern.length(); i++) {
      if (pattern.charAt(i) == 's') {
        stored.add(i + 1L);
      }
    }
    return stored;
  }

  private static AtomicWrite write(String id, String pattern, int index) {
    return JournalSystem.atomic(
        id, index + 1L, pattern.charAt(index) == 's' ? "event " + (index + 1) : "refused");
  }

  /** All patterns without a gap that is as long as a batch may be. */
  private static List<String> patterns() {
    List<String> patterns = new ArrayList<>();
    for (int bits = 0; bits < 1 << EVENTS; bits++) {
      StringBuilder pattern = new StringBuilder();
      for (int i = 0; i < EVENTS; i++) {
        pattern.append((bits >> i & 1) == 0 ? 's' : 'r');
      }
      if (!pattern.toString().contains("r".repeat(PARTITION_SIZE))) {
        patterns.add(pattern.toString());
      }
    }
    return patterns;
  }

  private static void assertFoundAgain(String keyspace, Map<String, String> patternsById) {
    try (JournalSystem other = JournalSystem.start(CASSANDRA, keyspace, SETTINGS)) {
      patternsById.forEach(
          (id, pattern) -> {
            List<Long> expected = stored(pattern);
            long highest = expected.isEmpty() ? 0 : expected.get(expected.size() - 1);
            Replayed replayed = other.replay(id);
            assertThat(replayed.sequenceNrs()).as(id).isEqualTo(expected);
            assertThat(replayed.highestSequenceNr()).as(id).isEqualTo(highest);
            other.store(id, highest + 1, "after");
            assertThat(other.replay(id).sequenceNrs())
                .as(id)
                .hasSize(expected.size() + 1)
                .endsWith(highest + 1);
          });
    }
  }

  @Test
  void storesWhatFollowsRejectedEvents() {
    String keyspace = CASSANDRA.newKeyspaceName();
    Map<String, String> patternsById = new TreeMap<>();
    try (JournalSystem journal = JournalSystem.start(CASSANDRA, keyspace, SETTINGS)) {
      for (String pattern : patterns()) {
        String id = "one by one: " + pattern;
        patternsById.put(id, pattern);
        for (int i = 0; i < EVENTS; i++) {
          Written written = journal.write(write(id, pattern, i));
          assertThat(written.failure()).as("%s, event %d", id, i + 1).isNull();
          assertThat(written.rejected()).hasSize(pattern.charAt(i) == 'r' ? 1 : 0);
        }
      }
    }
    assertFoundAgain(keyspace, patternsById);
  }

  @Test
  void storesWhatFollowsRejectedEventsOfTheSameRequest() {
    String keyspace = CASSANDRA.newKeyspaceName();
    Map<String, String> patternsById = new TreeMap<>();
    try (JournalSystem journal = JournalSystem.start(CASSANDRA, keyspace, SETTINGS)) {
      for (String pattern : patterns()) {
        String id = "in one request: " + pattern;
        patternsById.put(id, pattern);
        AtomicWrite[] writes = new AtomicWrite[EVENTS];
        for (int i = 0; i < EVENTS; i++) {
          writes[i] = write(id, pattern, i);
        }
        Written written = journal.write(writes);
        assertThat(written.failure()).as(id).isNull();
        assertThat(written.stored()).as(id).isEqualTo(stored(pattern));
      }
    }
    assertFoundAgain(keyspace, patternsById);
  }

  @Test
  void storesAFullBatchAfterARejectedEvent() {
    try (JournalSystem journal =
        JournalSystem.start(CASSANDRA, CASSANDRA.newKeyspaceName(), SETTINGS)) {
      journal.write(JournalSystem.atomic("a", 1, "refused"));
      Written written = journal.write(JournalSystem.atomic("a", 2, "2", "3", "4"));
      assertThat(written.failure()).isNull();
      assertThat(journal.replay("a").sequenceNrs()).containsExactly(2L, 3L, 4L);
    }
  }

  @Test
  void storesWhatFollowsMoreRejectedEventsThanABatchHolds() {
    try (JournalSystem journal =
        JournalSystem.start(CASSANDRA, CASSANDRA.newKeyspaceName(), SETTINGS)) {
      for (int i = 1; i <= 5; i++) {
        journal.write(JournalSystem.atomic("a", i, "refused"));
      }
      Written written = journal.write(JournalSystem.atomic("a", 6, "6"));
      assertThat(written.failure()).isNull();
      assertThat(journal.replay("a").sequenceNrs()).containsExactly(6L);
    }
  }

  private static Tagged tagged(@Nullable Object event, @Nullable String... tags) {
    return new Tagged(event, new HashSet<>(Arrays.asList(tags)));
  }

  @Test
  void rejectsWhatCouldNotBeReadAgain() {
    TestEvent event = new TestEvent("event");
    String half = "a\uD800b";
    Map<Object, String> refused = new LinkedHashMap<>();
    refused.put(tagged(null, "tag"), "the event is null");
    refused.put(tagged(event, "tag", null), "a tag of the event is null");
    refused.put(tagged(event, half), "the tag '" + half + "' is not Unicode");
    refused.put(new Tagged(event, (scala.collection.immutable.Set<String>) null), "null in place");
    refused.put(tagged(tagged(event, "a"), "b"), "Tagged in Tagged");
    try (JournalSystem journal =
        JournalSystem.start(CASSANDRA, CASSANDRA.newKeyspaceName(), SETTINGS)) {
      long sequenceNr = 1;
      for (Map.Entry<Object, String> entry : refused.entrySet()) {
        Written written =
            journal.write(
                JournalSystem.atomic(List.of(JournalSystem.event("a", sequenceNr, entry.getKey()))),
                JournalSystem.atomic("a", sequenceNr + 1, "after"));
        assertThat(written.failure()).as(entry.getValue()).isNull();
        assertThat(written.stored()).containsExactly(sequenceNr + 1);
        assertThat(written.rejected().get(sequenceNr)).hasMessageContaining(entry.getValue());
        sequenceNr += 2;
      }
      Written manifest =
          journal.write(
              JournalSystem.atomic(
                  List.of(JournalSystem.event("a", sequenceNr, event).withManifest(half))));
      assertThat(manifest.rejected().get(sequenceNr)).hasMessageContaining("manifest");
      assertThat(journal.replay("a").texts()).hasSize(refused.size()).containsOnly("after");
    }
  }

  @Test
  void replaysWhatStandsBeforeAnEventThatCannotBeRead() {
    String keyspace = CASSANDRA.newKeyspaceName();
    try (JournalSystem journal = JournalSystem.start(CASSANDRA, keyspace, SETTINGS + FEED)) {
      journal.store("a", 1, "1", "2", "3");
      journal.store("a", 4, "4", "5", "6");
      overwrite(keyspace, 5);
      List<Long> replayed = new ArrayList<>();
      Throwable failure = journal.failureWhileReplaying("a", replayed);
      assertThat(failure)
          .isInstanceOf(SerializationException.class)
          .hasMessageContainingAll("event 5 of 'a'", "type 'test-1'", "cannot be read");
      assertThat(replayed).containsExactly(1L, 2L, 3L, 4L);

      // Four at a time, of which the last one fails while the first waits to be asked for.
      SinkQueueWithCancel<Long> feed =
          PersistenceQuery.get(journal.system())
              .getReadJournalFor(HoldfastReadJournal.class, HoldfastReadJournal.IDENTIFIER)
              .currentAllEvents(FeedFilter.all(), Offset.noOffset())
              .map(EventEnvelope::sequenceNr)
              .runWith(
                  Sink.<Long>queue().withAttributes(Attributes.inputBuffer(1, 1)),
                  journal.system());
      for (long sequenceNr = 1; sequenceNr <= 4; sequenceNr++) {
        assertThat(Stages.get(feed.pull())).contains(sequenceNr);
      }
      assertThat(Stages.failure(feed.pull(), SerializationException.class))
          .hasMessageContainingAll("event 5 of 'a'", "type 'test-1'", "cannot be read");
    }
  }

  private static void overwrite(String keyspace, long sequenceNr) {
    CASSANDRA
        .session()
        .execute(
            "UPDATE %s.events SET payload = 0x00 WHERE persistence_id = 'a' AND partition_nr = %d AND seq_nr = %d"
                .formatted(keyspace, (sequenceNr - 1) / PARTITION_SIZE, sequenceNr));
  }
}
