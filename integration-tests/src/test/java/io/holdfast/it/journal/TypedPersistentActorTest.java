// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.cql.Row;
import io.holdfast.feed.FeedFilter;
import io.holdfast.it.StoredHeader;
import io.holdfast.it.TestConfig;
import io.holdfast.query.HoldfastReadJournal;
import io.holdfast.test.Patience;
import io.holdfast.testkit.CassandraExtension;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.persistence.query.typed.EventEnvelope;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TypedPersistentActorTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final String KEYSPACE = CASSANDRA.newKeyspaceName();

  private final String id = "notebook-" + UUID.randomUUID();
  private ActorTestKit kit = start();

  private ActorTestKit start() {
    return ActorTestKit.create(
        "typed", TestConfig.journal(CASSANDRA, KEYSPACE, TestEventSerializer.SETTINGS));
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private ActorRef<Notebook.Command> open() {
    return kit.spawn(Notebook.create(id));
  }

  private void note(ActorRef<Notebook.Command> notebook, String... lines) {
    CompletionStage<Done> stored =
        AskPattern.ask(
            notebook,
            replyTo -> new Notebook.Note(List.of(lines), replyTo),
            Patience.LIMIT,
            kit.scheduler());
    get(stored);
  }

  private List<String> read(ActorRef<Notebook.Command> notebook) {
    CompletionStage<List<String>> lines =
        AskPattern.ask(notebook, Notebook.Read::new, Patience.LIMIT, kit.scheduler());
    return get(lines);
  }

  private void stopActor(ActorRef<Notebook.Command> notebook) {
    TestProbe<Done> probe = kit.createTestProbe();
    notebook.tell(new Notebook.Close(probe.getRef()));
    probe.expectTerminated(notebook, Patience.LIMIT);
  }

  @Test
  void recoversAfterItsActorStopped() {
    ActorRef<Notebook.Command> notebook = open();
    assertThat(read(notebook)).isEmpty();
    note(notebook, "one");
    note(notebook, "two", "three");
    assertThat(read(notebook)).containsExactly("one", "two", "three");
    stopActor(notebook);

    ActorRef<Notebook.Command> again = open();
    assertThat(read(again)).containsExactly("one", "two", "three");
    note(again, "four");
    assertThat(read(again)).containsExactly("one", "two", "three", "four");
  }

  @Test
  void recoversAfterTheActorSystemRestarted() {
    ActorRef<Notebook.Command> notebook = open();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      note(notebook, "line " + i, "and more");
      expected.add("line " + i);
      expected.add("and more");
    }
    kit.shutdownTestKit();
    kit = start();
    ActorRef<Notebook.Command> again = open();
    assertThat(read(again)).isEqualTo(expected);
    note(again, "after");
    assertThat(read(again)).hasSize(101).endsWith("after");
  }

  @Test
  void storesAListWholeOrNotAtAll() {
    ActorRef<Notebook.Command> notebook = open();
    note(notebook, "one", "two", "three");
    TestProbe<Done> probe = kit.createTestProbe();
    notebook.tell(new Notebook.Note(List.of("four", "refused", "six"), probe.getRef()));
    probe.expectTerminated(
        notebook, Patience.LIMIT); // Pekko stops a typed actor whose event is rejected.

    ActorRef<Notebook.Command> again = open();
    assertThat(read(again)).containsExactly("one", "two", "three");
    note(again, "other");
    assertThat(read(again)).containsExactly("one", "two", "three", "other");
    Set<Long> batches = new TreeSet<>();
    for (Row row : rows()) {
      batches.add(StoredHeader.of(row).batchFirstSequenceNr());
    }
    assertThat(batches).containsExactly(1L, 4L);
  }

  @Test
  void storesTags() {
    ActorRef<Notebook.Command> notebook = open();
    note(notebook, "# title", "text");
    List<Row> rows = rows();
    assertThat(StoredHeader.of(rows.get(0)).tags()).containsExactlyInAnyOrder("heading", "all");
    assertThat(StoredHeader.of(rows.get(1)).tags()).containsExactly("all");
    stopActor(notebook);
    assertThat(read(open())).containsExactly("# title", "text");
  }

  /** And so is all else that Pekko leaves to the journal. */
  @Test
  void tellsWhenEachEventWasWritten() {
    long before = System.currentTimeMillis();
    ActorRef<Notebook.Command> notebook = open();
    note(notebook, "one", "two");
    note(notebook, "three");
    HoldfastReadJournal queries =
        PersistenceQuery.get(kit.system())
            .getReadJournalFor(HoldfastReadJournal.class, HoldfastReadJournal.IDENTIFIER);
    for (long event = 1; event <= 3; event++) {
      assertThat(get(queries.timestampOf(id, event)).map(Instant::toEpochMilli).orElseThrow())
          .isBetween(before, System.currentTimeMillis());
    }
    List<EventEnvelope<TestEvent>> tagged =
        get(
            queries
                .<TestEvent>currentAllEvents(FeedFilter.all().tag("all"), Offset.noOffset())
                .filter(event -> event.persistenceId().equals(id))
                .runWith(Sink.seq(), kit.system()));
    assertThat(tagged)
        .hasSize(3)
        .allSatisfy(
            event -> assertThat(event.timestamp()).isBetween(before, System.currentTimeMillis()));
  }

  @Test
  void replicatesBetweenTwoReplicasOfACommonJournal() {
    ActorRef<Replica.Command> here = kit.spawn(Replica.create(id, "A"));
    ActorRef<Replica.Command> there = kit.spawn(Replica.create(id, "B"));
    for (String word : List.of("one", "two", "three")) {
      here.tell(new Replica.Add(word));
      there.tell(new Replica.Add(word + " there"));
    }
    Set<String> all = Set.of("one", "two", "three", "one there", "two there", "three there");
    await()
        .untilAsserted(
            () -> {
              assertThat(words(here)).isEqualTo(all);
              assertThat(words(there)).isEqualTo(all);
            });
    kit.shutdownTestKit();
    kit = start();
    assertThat(words(kit.spawn(Replica.create(id, "A")))).isEqualTo(all);
  }

  private Set<String> words(ActorRef<Replica.Command> replica) {
    CompletionStage<Set<String>> words =
        AskPattern.ask(replica, Replica.Read::new, Patience.LIMIT, kit.scheduler());
    return get(words);
  }

  private List<Row> rows() {
    return CASSANDRA
        .session()
        .execute(
            ("SELECT header FROM %s.events" + " WHERE persistence_id = '%s' AND partition_nr = 0")
                .formatted(KEYSPACE, id))
        .all();
  }
}
