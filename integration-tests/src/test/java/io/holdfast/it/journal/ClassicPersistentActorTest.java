// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.test.Patience;
import io.holdfast.testkit.CassandraExtension;
import java.util.List;
import java.util.UUID;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.persistence.Recovery;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClassicPersistentActorTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final long ALL = Long.MAX_VALUE;

  private JournalSystem journal;
  private TestKit observer;
  private String id;

  @BeforeAll
  void start() {
    journal =
        JournalSystem.start(
            CASSANDRA, CASSANDRA.newKeyspaceName(), "holdfast.cassandra.partition-size = 4");
  }

  @AfterAll
  void stop() {
    journal.close();
  }

  @BeforeEach
  void observe() {
    observer = new TestKit(journal.system());
    id = "ledger-" + UUID.randomUUID();
  }

  private ActorRef open(Recovery recovery) {
    return journal.system().actorOf(Ledger.props(id, recovery, observer.getRef()));
  }

  private ActorRef open(long toSequenceNr, long max) {
    return open(Recovery.create(SnapshotSelectionCriteria.none(), toSequenceNr, max));
  }

  private ActorRef open() {
    return open(Recovery.create());
  }

  private void close(ActorRef actor) {
    observer.watch(actor);
    actor.tell(PoisonPill.getInstance(), ActorRef.noSender());
    observer.expectTerminated(Patience.LIMIT, actor);
  }

  private void expect(String... happenings) {
    for (String happening : happenings) {
      assertThat(observer.receiveOne(Patience.LIMIT)).isEqualTo(happening);
    }
  }

  /** Stops the actor once it has recovered; a poison pill would overtake the recovery. */
  private void recover(ActorRef actor, String recovered) {
    expect(recovered);
    close(actor);
  }

  private static void tell(ActorRef actor, Object message) {
    actor.tell(message, ActorRef.noSender());
  }

  /** A ledger with the events a to f, in three writes. */
  private void fill() {
    ActorRef actor = open();
    expect("recovered [] to 0");
    tell(actor, new Ledger.Persist("a"));
    tell(actor, new Ledger.PersistAll(List.of("b", "c", "d", "e")));
    tell(actor, new Ledger.Persist("f"));
    expect(
        "persisted a at 1",
        "persisted b at 2",
        "persisted c at 3",
        "persisted d at 4",
        "persisted e at 5",
        "persisted f at 6");
    close(actor);
  }

  @Test
  void persistsAndRecovers() {
    fill();
    ActorRef again = open();
    expect("recovered [a, b, c, d, e, f] to 6");
    tell(again, new Ledger.Persist("g"));
    expect("persisted g at 7");
    close(again);
    recover(open(), "recovered [a, b, c, d, e, f, g] to 7");
  }

  @Test
  void keepsAsynchronousEventsAndDeferredMessagesInOrder() {
    ActorRef actor = open();
    expect("recovered [] to 0");
    tell(actor, new Ledger.PersistAsync(List.of("a", "b", "c", "d", "e", "f"), "g"));
    tell(actor, new Ledger.Persist("h"));
    tell(actor, new Ledger.Defer("i"));
    expect("going on");
    expect(
        "persisted a at 1",
        "persisted b at 2",
        "persisted c at 3",
        "persisted d at 4",
        "persisted e at 5",
        "persisted f at 6",
        "deferred g",
        "persisted h at 7",
        "deferred i");
    close(actor);
    recover(open(), "recovered [a, b, c, d, e, f, h] to 7");
  }

  @Test
  void goesOnAfterARejectedEvent() {
    ActorRef actor = open();
    expect("recovered [] to 0");
    tell(actor, new Ledger.Persist("a"));
    tell(actor, new Ledger.Persist("refused"));
    tell(actor, new Ledger.PersistAll(List.of("b", "refused too")));
    tell(actor, new Ledger.Persist("c"));
    expect(
        "persisted a at 1",
        "rejected refused at 2",
        "rejected b at 3",
        "rejected refused too at 4",
        "persisted c at 5");
    close(actor);
    recover(open(), "recovered [a, c] to 5");
  }

  @Test
  void recoversWithinBounds() {
    fill();
    recover(open(3, ALL), "recovered [a, b, c] to 6");
    recover(open(ALL, 2), "recovered [a, b] to 6");
    recover(open(5, 4), "recovered [a, b, c, d] to 6");
    // However little it replays, Pekko goes on after the highest sequence number.
    recover(open(Recovery.none()), "recovered [] to 6");
  }

  @Test
  void deletesMessages() {
    fill();
    ActorRef actor = open();
    expect("recovered [a, b, c, d, e, f] to 6");
    tell(actor, new Ledger.Delete(2));
    expect("deleted to 2");
    tell(actor, new Ledger.Delete(2));
    expect("deleted to 2");
    close(actor);
    recover(open(), "recovered [c, d, e, f] to 6");
  }

  @Test
  void keepsTheHighestSequenceNumberWhenAllIsDeleted() {
    fill();
    ActorRef actor = open();
    expect("recovered [a, b, c, d, e, f] to 6");
    tell(actor, new Ledger.Delete(ALL));
    expect("deleted to " + ALL);
    close(actor);
    ActorRef again = open();
    expect("recovered [] to 6");
    tell(again, new Ledger.Persist("g"));
    expect("persisted g at 7");
    close(again);
    recover(open(), "recovered [g] to 7");
  }
}
