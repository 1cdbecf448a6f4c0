// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.query;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.it.Seeds;
import io.holdfast.it.journal.JournalSystem;
import io.holdfast.testkit.CassandraExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.stream.KillSwitch;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Queries that do not end, over partitions of four sequence numbers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveEventsTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final String SETTINGS =
      """
      holdfast.cassandra.partition-size = 4
      holdfast.journal.max-batch-size = 4
      holdfast.query.page-size = 3
      """;
  private static final String OFTEN = SETTINGS + "holdfast.query.refresh-interval = 20 ms\n";
  private static final String NEVER = SETTINGS + "holdfast.query.refresh-interval = 1 hour\n";
  private static final long END = Long.MAX_VALUE;

  private String keyspace;

  @BeforeAll
  void createTables() {
    keyspace = CASSANDRA.newKeyspaceName();
    try (JournalSystem first = start(SETTINGS)) {
      first.replay("none");
    }
  }

  private JournalSystem start(String settings) {
    return JournalSystem.start(CASSANDRA, keyspace, settings);
  }

  @Test
  void followsAStreamThatAnotherSystemWrites() {
    try (JournalSystem writer = start(SETTINGS);
        JournalSystem reading = start(OFTEN)) {
      Reader reader = Reader.of(reading);
      SinkQueueWithCancel<EventEnvelope> queue =
          reader.open(reader.journal().eventsByPersistenceId("followed", 1, 9));
      for (long next = 1; next <= 9; next++) {
        writer.store("followed", next, "" + next);
        assertThat(get(queue.pull()).map(EventEnvelope::sequenceNr)).contains(next);
      }
      assertThat(get(queue.pull())).as("after the last one asked for").isEmpty();
    }
  }

  @Test
  void seesEventsOfItsOwnSystemAtOnce() {
    try (JournalSystem system = start(NEVER)) {
      Reader reader = Reader.of(system);
      SinkQueueWithCancel<EventEnvelope> queue =
          reader.open(reader.journal().eventsByPersistenceId("own", 0, END));
      for (long next = 1; next <= 9; next++) {
        var pulled = queue.pull();
        system.store("own", next, "" + next);
        assertThat(get(pulled).map(EventEnvelope::sequenceNr)).contains(next);
      }
      queue.cancel();
    }
  }

  @Test
  void goesOnAfterDeletedEvents() {
    try (JournalSystem system = start(NEVER)) {
      Reader reader = Reader.of(system);
      system.store("pruned", 1, "1", "2", "3");
      system.store("pruned", 4, "4", "5", "6");
      system.deleteTo("pruned", 6);
      SinkQueueWithCancel<EventEnvelope> queue =
          reader.open(reader.journal().eventsByPersistenceId("pruned", 1, END));
      var pulled = queue.pull();
      system.store("pruned", 7, "7");
      assertThat(get(pulled).map(EventEnvelope::sequenceNr)).contains(7L);
      queue.cancel();
    }
  }

  @Test
  void listsNewPersistenceIdsOnce() {
    try (JournalSystem writer = start(SETTINGS);
        JournalSystem reading = start(OFTEN)) {
      Reader reader = Reader.of(reading);
      List<String> listed = new CopyOnWriteArrayList<>();
      KillSwitch running = reader.follow(reader.journal().persistenceIds(), listed);
      List<String> written = new ArrayList<>();
      for (int i = 0; i < 15; i++) {
        String id = "new " + i;
        writer.store(id, 1, "1");
        written.add(id);
        if (i % 5 == 4) {
          await().until(() -> listed.containsAll(written));
        }
      }
      running.shutdown();
      assertThat(listed).doesNotHaveDuplicates();
    }
  }

  /** Whatever the two do to each other, no emitted event vanishes and none is left out. */
  @Test
  void emitsTheHistoryWhileTwoSystemsWriteToOneStream() throws Exception {
    long seed = Seeds.next();
    try (JournalSystem first = start(OFTEN);
        JournalSystem second = start(OFTEN);
        JournalSystem third = start(OFTEN)) {
      List<List<EventEnvelope>> emitted = new ArrayList<>();
      List<KillSwitch> running = new ArrayList<>();
      for (JournalSystem system : List.of(first, third)) {
        Reader reader = Reader.of(system);
        List<EventEnvelope> events = new CopyOnWriteArrayList<>();
        emitted.add(events);
        running.add(
            reader.follow(reader.journal().eventsByPersistenceId("contended", 1, END), events));
      }
      AtomicBoolean stop = new AtomicBoolean();
      CompletableFuture<Void> one =
          CompletableFuture.runAsync(() -> write(first, "first", new Random(seed), stop));
      CompletableFuture<Void> two =
          CompletableFuture.runAsync(() -> write(second, "second", new Random(seed + 1), stop));
      await().until(() -> emitted.get(1).size() > 150);
      stop.set(true);
      get(CompletableFuture.allOf(one, two));

      List<String> history = third.replay("contended").texts();
      for (List<EventEnvelope> events : emitted) {
        await().until(() -> events.size() >= history.size());
        assertThat(events.stream().map(Reader::text)).isEqualTo(history);
      }
      running.forEach(KillSwitch::shutdown);
    }
  }

  /** Takes the stream and writes to it as long as it can, again and again. */
  private static void write(JournalSystem system, String name, Random random, AtomicBoolean stop) {
    for (int turn = 1; !stop.get(); turn++) {
      long next = system.replay("contended", 1, 0, 0).highestSequenceNr() + 1;
      boolean stored = true;
      for (int i = random.nextInt(4); i >= 0 && stored; i--) {
        String[] texts = new String[1 + random.nextInt(3)];
        for (int event = 0; event < texts.length; event++) {
          texts[event] = "%s %d at %d".formatted(name, turn, next + event);
        }
        stored = system.write(JournalSystem.atomic("contended", next, texts)).failure() == null;
        next += texts.length;
      }
    }
  }
}
