// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.it.journal.JournalSystem;
import io.holdfast.it.journal.TestEvent;
import io.holdfast.journal.BatchRejectedException;
import io.holdfast.test.Patience;
import io.holdfast.testkit.CassandraExtension;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.Props;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.RecoveryCompleted;
import org.apache.pekko.persistence.journal.Tagged;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What persistent actors tag their events with goes into the log of all writes as well. */
class LargeTagsTest {
  /** Persists the tagged events that it is sent, and tells an observer what became of each. */
  private static final class Tagger extends AbstractPersistentActor {
    private final String persistenceId;
    private final ActorRef observer;
    private int recovered;

    Tagger(String persistenceId, ActorRef observer) {
      this.persistenceId = persistenceId;
      this.observer = observer;
    }

    @Override
    public String persistenceId() {
      return persistenceId;
    }

    @Override
    public Receive createReceiveRecover() {
      return receiveBuilder()
          .match(TestEvent.class, event -> recovered++)
          .match(
              RecoveryCompleted.class,
              completed -> observer.tell("recovered " + recovered, getSelf()))
          .build();
    }

    @Override
    public Receive createReceive() {
      return receiveBuilder()
          .match(
              Tagged.class,
              event -> persist(event, stored -> observer.tell("persisted", getSelf())))
          .build();
    }

    @Override
    public void onPersistRejected(Throwable cause, Object event, long sequenceNr) {
      observer.tell(cause, getSelf());
    }

    @Override
    public void onPersistFailure(Throwable cause, Object event, long sequenceNr) {
      observer.tell(cause, getSelf());
    }
  }

  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  /** In all some 21 MB, more than Cassandra takes in one request. */
  private static final int ACTORS = 64;

  private static final int TAGS = 5_000;

  private static final Pattern LOG_ROW = Pattern.compile("INSERT INTO .*\\.commit_log ");

  private static ActorRef open(JournalSystem journal, String id, TestKit observer) {
    return journal
        .system()
        .actorOf(Props.create(Tagger.class, () -> new Tagger(id, observer.getRef())));
  }

  private static Tagged event(int tags) {
    Set<String> all = new HashSet<>();
    for (int i = 0; i < tags; i++) {
      all.add("tag %060d".formatted(i));
    }
    return new Tagged(new TestEvent("event"), all);
  }

  private static boolean isStored(String keyspace, String id, long sequenceNr) {
    return CASSANDRA
            .session()
            .execute(
                "SELECT seq_nr FROM %s.events WHERE persistence_id = '%s' AND partition_nr = 0 AND seq_nr = %d"
                    .formatted(keyspace, id, sequenceNr))
            .one()
        != null;
  }

  @Test
  void theNodeWritesOnWhenManyActorsPersistManyTagsAtATime() throws Exception {
    String keyspace = CASSANDRA.newKeyspaceName();
    try (CqlGate gate = CqlGate.start(CASSANDRA.contactPoint());
        JournalSystem journal = JournalSystem.start(CASSANDRA, keyspace, gate.settings())) {
      TestKit observer = new TestKit(journal.system());
      List<String> ids = IntStream.range(0, ACTORS).mapToObj(i -> "tagger-" + i).toList();
      List<ActorRef> actors = ids.stream().map(id -> open(journal, id, observer)).toList();
      actors.forEach(actor -> observer.expectMsg(Patience.LIMIT, "recovered 0"));
      actors.forEach(actor -> actor.tell(event(1), ActorRef.noSender()));
      actors.forEach(actor -> observer.expectMsg(Patience.LIMIT, "persisted"));

      // While one row of the log has no answer, all that is stored waits for the next.
      gate.holdAnswers(request -> LOG_ROW.matcher(request.cql()).lookingAt());
      ActorRef first = open(journal, "first", observer);
      observer.expectMsg(Patience.LIMIT, "recovered 0");
      first.tell(event(1), ActorRef.noSender());
      await().until(() -> gate.heldAnswers() > 0);
      Tagged large = event(TAGS);
      actors.forEach(actor -> actor.tell(large, ActorRef.noSender()));
      await().until(() -> ids.stream().allMatch(id -> isStored(keyspace, id, 2)));
      gate.releaseAnswers();
      observer.expectMsg(Patience.LIMIT, "persisted");
      actors.forEach(actor -> observer.expectMsg(Patience.LIMIT, "persisted"));

      actors.forEach(actor -> actor.tell(event(2), ActorRef.noSender()));
      actors.forEach(actor -> observer.expectMsg(Patience.LIMIT, "persisted"));
    }
  }

  @Test
  void anEventWithTooManyTagsIsRejectedAndItsActorGoesOn() {
    try (JournalSystem journal = JournalSystem.start(CASSANDRA, CASSANDRA.newKeyspaceName(), "")) {
      TestKit observer = new TestKit(journal.system());
      ActorRef actor = open(journal, "tagger", observer);
      observer.expectMsg(Patience.LIMIT, "recovered 0");
      actor.tell(event(1), ActorRef.noSender());
      observer.expectMsg(Patience.LIMIT, "persisted");

      actor.tell(event(20_000), ActorRef.noSender());

      assertThat(observer.expectMsgClass(Patience.LIMIT, BatchRejectedException.class))
          .hasMessageContaining("'tagger'")
          .hasMessageContaining("event types and tags")
          .hasMessageContaining("at most 1048576")
          .hasMessageContaining("Use fewer or shorter tags");
      actor.tell(event(2), ActorRef.noSender());
      observer.expectMsg(Patience.LIMIT, "persisted");
      observer.watch(actor);
      actor.tell(PoisonPill.getInstance(), ActorRef.noSender());
      observer.expectTerminated(Patience.LIMIT, actor);
      open(journal, "tagger", observer);
      observer.expectMsg(Patience.LIMIT, "recovered 2");
    }
  }
}
