// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.journal.BatchRejectedException;
import io.holdfast.testkit.CassandraExtension;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.Props;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.RecoveryCompleted;
import org.apache.pekko.persistence.journal.Tagged;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** In all some 21 MB, more than Cassandra takes in one request. */
  private static final int ACTORS = 64;

  private static final int TAGS = 5_000;

  private JournalSystem journal;
  private TestKit observer;

  @BeforeEach
  void start() {
    journal = JournalSystem.start(CASSANDRA, CASSANDRA.newKeyspaceName(), "");
    observer = new TestKit(journal.system());
  }

  @AfterEach
  void stop() {
    journal.close();
  }

  private ActorRef open(String id) {
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

  @Test
  void theNodeWritesOnWhenManyActorsPersistManyTagsAtATime() {
    List<ActorRef> actors = IntStream.range(0, ACTORS).mapToObj(i -> open("tagger-" + i)).toList();
    actors.forEach(actor -> observer.expectMsg(TIMEOUT, "recovered 0"));
    // All are owners, so that what follows comes at the same time.
    actors.forEach(actor -> actor.tell(event(1), ActorRef.noSender()));
    actors.forEach(actor -> observer.expectMsg(TIMEOUT, "persisted"));

    Tagged large = event(TAGS);
    actors.forEach(actor -> actor.tell(large, ActorRef.noSender()));
    actors.forEach(actor -> observer.expectMsg(TIMEOUT, "persisted"));

    actors.forEach(actor -> actor.tell(event(2), ActorRef.noSender()));
    actors.forEach(actor -> observer.expectMsg(TIMEOUT, "persisted"));
  }

  @Test
  void anEventWithTooManyTagsIsRejectedAndItsActorGoesOn() {
    ActorRef actor = open("tagger");
    observer.expectMsg(TIMEOUT, "recovered 0");
    actor.tell(event(1), ActorRef.noSender());
    observer.expectMsg(TIMEOUT, "persisted");

    actor.tell(event(20_000), ActorRef.noSender());

    assertThat(observer.expectMsgClass(TIMEOUT, BatchRejectedException.class))
        .hasMessageContaining("'tagger'")
        .hasMessageContaining("event types and tags")
        .hasMessageContaining("at most 1048576")
        .hasMessageContaining("Use fewer or shorter tags");
    actor.tell(event(2), ActorRef.noSender());
    observer.expectMsg(TIMEOUT, "persisted");
    observer.watch(actor);
    actor.tell(PoisonPill.getInstance(), ActorRef.noSender());
    observer.expectTerminated(TIMEOUT, actor);
    open("tagger");
    observer.expectMsg(TIMEOUT, "recovered 2");
  }
}
