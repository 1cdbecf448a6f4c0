// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.it.journal.JournalSystem.Replayed;
import io.holdfast.it.journal.JournalSystem.Written;
import io.holdfast.journal.JournalException;
import io.holdfast.testkit.CassandraExtension;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.Tagged;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The journal's protocol, in the manner of the JournalSpec of Pekko's TCK; with partitions and
 * pages of a few events.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JournalProtocolTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final long ALL = Long.MAX_VALUE;

  private JournalSystem journal;

  @BeforeAll
  void start() {
    journal =
        JournalSystem.start(
            CASSANDRA,
            CASSANDRA.newKeyspaceName(),
            "holdfast { cassandra.partition-size = 5, journal.replay-page-size = 2 }");
  }

  @AfterAll
  void stop() {
    journal.close();
  }

  private static String newId() {
    return "actor-" + UUID.randomUUID();
  }

  private static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  /** Twelve events over three partitions: single ones, and two batches that cross a border. */
  private String twelve() {
    String id = newId();
    journal.store(id, 1, "1");
    journal.store(id, 2, "2", "3");
    journal.store(id, 4, "4", "5", "6", "7");
    journal.store(id, 8, "8");
    journal.store(id, 9, "9", "10", "11", "12");
    return id;
  }

  @Test
  void replaysEveryRange() {
    String id = twelve();
    long[] bounds = {0, 1, 2, 5, 6, 7, 10, 12, 13, ALL};
    for (long from : bounds) {
      for (long to : bounds) {
        for (long max : new long[] {0, 1, 4, ALL}) {
          Replayed replayed = journal.replay(id, from, to, max);
          List<Long> expected =
              range(Math.max(1, from), Math.min(12, to)).stream().limit(max).toList();
          assertThat(replayed.sequenceNrs())
              .as("from %d to %d, at most %d", from, to, max)
              .isEqualTo(expected);
          assertThat(replayed.highestSequenceNr()).isEqualTo(12);
        }
      }
    }
    assertThat(journal.replay(id).texts())
        .containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12");
  }

  @Test
  void knowsNothingOfAnActorThatNeverPersisted() {
    assertThat(journal.replay(newId())).isEqualTo(new Replayed(List.of(), 0));
  }

  @Test
  void keepsActorsApart() {
    String id = newId();
    journal.store(id, 1, "a");
    journal.store(id + "0", 1, "b", "c");
    assertThat(journal.replay(id).texts()).containsExactly("a");
    assertThat(journal.replay(id + "0").texts()).containsExactly("b", "c");
  }

  @Test
  void keepsAllThatIsKnownOfAnEvent() {
    String id = newId();
    PersistentRepr full =
        PersistentRepr.apply(
                new TestEvent("a"), 1, id, "manifest-7", false, ActorRef.noSender(), "writer-8")
            .withTimestamp(1_767_355_200_123L)
            .withMetadata(new TestEvent("metadata"));
    long before = System.currentTimeMillis();
    PersistentRepr bare =
        PersistentRepr.apply(new TestEvent("b"), 2, id, "", false, ActorRef.noSender(), "");
    assertThat(journal.write(JournalSystem.atomic(List.of(full, bare))).stored())
        .containsExactly(1L, 2L);

    List<PersistentRepr> events = journal.replay(id).events();
    PersistentRepr first = events.get(0);
    assertThat(first.payload()).isEqualTo(new TestEvent("a"));
    assertThat(first.sequenceNr()).isEqualTo(1);
    assertThat(first.persistenceId()).isEqualTo(id);
    assertThat(first.manifest()).isEqualTo("manifest-7");
    assertThat(first.writerUuid()).isEqualTo("writer-8");
    assertThat(first.timestamp()).isEqualTo(1_767_355_200_123L);
    assertThat(first.metadata().get()).isEqualTo(new TestEvent("metadata"));
    assertThat(first.deleted()).isFalse();
    PersistentRepr second = events.get(1);
    assertThat(second.timestamp()).isBetween(before, System.currentTimeMillis());
    assertThat(second.manifest()).isEmpty();
    assertThat(second.writerUuid()).isEmpty();
    assertThat(second.metadata().isEmpty()).isTrue();
  }

  @Test
  void replaysTaggedEventsAsTheyWere() {
    String id = newId();
    Tagged tagged = new Tagged(new TestEvent("a"), java.util.Set.of("red", "blue"));
    journal.write(JournalSystem.atomic(List.of(JournalSystem.event(id, 1, tagged))));
    assertThat(journal.replay(id).texts()).containsExactly("a");
  }

  @Test
  void rejectsOneEventAndStoresItsNeighbours() {
    String id = newId();
    Written written =
        journal.write(
            JournalSystem.atomic(id, 1, "a"),
            JournalSystem.atomic(List.of(JournalSystem.event(id, 2, new Object()))),
            JournalSystem.atomic(id, 3, "c"),
            JournalSystem.atomic(id, 4, "refused"));
    assertThat(written.failure()).isNull();
    assertThat(written.stored()).containsExactly(1L, 3L);
    assertThat(written.rejected()).containsOnlyKeys(2L, 4L);
    assertThat(written.rejected().get(4L)).hasMessageContaining("refused");
    assertThat(journal.replay(id).texts()).containsExactly("a", "c");
    assertThat(journal.replay(id).highestSequenceNr()).isEqualTo(3);
  }

  @Test
  void rejectsAWholePersistAllForOneOfItsEvents() {
    String id = newId();
    Written written =
        journal.write(
            JournalSystem.atomic(id, 1, "a", "refused", "c"), JournalSystem.atomic(id, 4, "d"));
    assertThat(written.stored()).containsExactly(4L);
    assertThat(written.rejected()).containsOnlyKeys(1L, 2L, 3L);
    assertThat(journal.replay(id).texts()).containsExactly("d");
  }

  @Test
  void failsAWriteBelowTheHighestSequenceNumber() {
    String id = newId();
    journal.store(id, 1, "a", "b");
    Written written = journal.write(JournalSystem.atomic(id, 2, "other"));
    assertThat(written.stored()).isEmpty();
    assertThat(written.failure())
        .isInstanceOfSatisfying(
            JournalException.class,
            failure ->
                assertThat(failure.outcome()).isEqualTo(JournalException.Outcome.UNAVAILABLE))
        .hasMessageContaining("stands at 2");
    assertThat(journal.replay(id).texts()).containsExactly("a", "b");
    journal.store(id, 3, "c");
    assertThat(journal.replay(id).texts()).containsExactly("a", "b", "c");
  }

  @Test
  void deletesUpToASequenceNumber() {
    for (long to = 0; to <= 12; to++) {
      String id = twelve();
      journal.deleteTo(id, to);
      Replayed replayed = journal.replay(id);
      assertThat(replayed.sequenceNrs()).as("deleted to %d", to).isEqualTo(range(to + 1, 12));
      assertThat(replayed.highestSequenceNr()).isEqualTo(12);
    }
  }

  @Test
  void replaysEveryRangeAboveADeletedPrefix() {
    for (long deleted : new long[] {1, 5, 6}) {
      String id = twelve();
      journal.deleteTo(id, deleted);
      for (long from : new long[] {0, 5, 6, 13}) {
        for (long to : new long[] {5, 6, ALL}) {
          for (long max : new long[] {1, ALL}) {
            Replayed replayed = journal.replay(id, from, to, max);
            assertThat(replayed.sequenceNrs())
                .as("deleted to %d, from %d to %d, at most %d", deleted, from, to, max)
                .isEqualTo(
                    range(Math.max(deleted + 1, from), Math.min(12, to)).stream()
                        .limit(max)
                        .toList());
            assertThat(replayed.highestSequenceNr()).isEqualTo(12);
          }
        }
      }
    }
  }

  @Test
  void keepsTheHighestSequenceNumberWhereAllIsDeleted() {
    String id = twelve();
    journal.deleteTo(id, ALL);
    assertThat(journal.replay(id)).isEqualTo(new Replayed(List.of(), 12));
    journal.store(id, 13, "13");
    assertThat(journal.replay(id).texts()).containsExactly("13");
    assertThat(journal.replay(id).highestSequenceNr()).isEqualTo(13);
  }

  @Test
  void takesRepeatedAndOverlappingDeletions() {
    String id = twelve();
    journal.deleteTo(id, 3);
    journal.deleteTo(id, 3);
    journal.deleteTo(id, 2);
    assertThat(journal.replay(id).sequenceNrs()).isEqualTo(range(4, 12));
    journal.deleteTo(id, 8);
    assertThat(journal.replay(id).sequenceNrs()).isEqualTo(range(9, 12));
  }

  @Test
  void deletesNothingOfAnActorThatNeverPersisted() {
    String id = newId();
    journal.deleteTo(id, 5);
    journal.deleteTo(id, ALL);
    assertThat(journal.replay(id)).isEqualTo(new Replayed(List.of(), 0));
    journal.store(id, 1, "a");
    assertThat(journal.replay(id).texts()).containsExactly("a");
  }
}
