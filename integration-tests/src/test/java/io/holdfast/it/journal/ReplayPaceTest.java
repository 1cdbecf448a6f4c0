// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.test.Patience;
import io.holdfast.testkit.CassandraExtension;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorRefWithCell;
import org.apache.pekko.actor.Props;
import org.apache.pekko.persistence.JournalProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A replay goes no faster than its actor. */
class ReplayPaceTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final int PAGE = 10;
  private static final int EVENTS = 400;

  /** Takes replayed events, the first one not before it may. */
  private static final class Reader extends AbstractActor {
    private final CountDownLatch mayRead;
    private final List<Object> taken;

    Reader(CountDownLatch mayRead, List<Object> taken) {
      this.mayRead = mayRead;
      this.taken = taken;
    }

    @Override
    public Receive createReceive() {
      return receiveBuilder().matchAny(this::take).build();
    }

    private void take(Object message) throws InterruptedException {
      assertThat(mayRead.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      taken.add(
          message instanceof JournalProtocol.ReplayedMessage event
              ? event.persistent().sequenceNr()
              : message);
    }
  }

  @Test
  void holdsBackWhatTheActorHasNotAskedFor() {
    try (JournalSystem journal =
        JournalSystem.start(
            CASSANDRA,
            CASSANDRA.newKeyspaceName(),
            "holdfast { cassandra.partition-size = 50, journal.replay-page-size = "
                + PAGE
                + " }")) {
      for (int first = 1; first <= EVENTS; first += 40) {
        journal.store("a", first, IntStream.range(0, 40).mapToObj(i -> "x").toArray(String[]::new));
      }
      CountDownLatch mayRead = new CountDownLatch(1);
      List<Object> taken = new CopyOnWriteArrayList<>();
      ActorRef reader =
          journal.system().actorOf(Props.create(Reader.class, () -> new Reader(mayRead, taken)));
      journal.tell(
          new JournalProtocol.ReplayMessages(1, Long.MAX_VALUE, Long.MAX_VALUE, "a", reader));
      await().until(() -> waiting(reader) > 0);
      // Time enough for all events, as another reader shows.
      assertThat(journal.replay("a").events()).hasSize(EVENTS);
      assertThat(waiting(reader)).isLessThanOrEqualTo(PAGE + 1);
      mayRead.countDown();
      await().until(() -> taken.size() == EVENTS + 1);
      assertThat(taken.subList(0, EVENTS))
          .isEqualTo(LongStream.rangeClosed(1, EVENTS).boxed().toList());
      assertThat(taken.get(EVENTS)).isEqualTo(new JournalProtocol.RecoverySuccess(EVENTS));
    }
  }

  private static int waiting(ActorRef actor) {
    return ((ActorRefWithCell) actor).underlying().numberOfMessages();
  }
}
