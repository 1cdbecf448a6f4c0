// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.it.TestConfig;
import io.holdfast.test.Patience;
import io.holdfast.testkit.CassandraExtension;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An actor that saves snapshots, and deletes what they make needless, by its settings alone. */
class RetentionTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final String ID = "counter";
  private static final int EVENTS_TO_A_SNAPSHOT = 10;
  private static final int KEPT_SNAPSHOTS = 2;

  /** Adds up numbers; answers the sum. */
  private static final class Counter extends EventSourcedBehavior<Counter.Add, Long, Long> {
    record Add(long number, ActorRef<Long> replyTo) {}

    Counter() {
      super(PersistenceId.ofUniqueId(ID));
    }

    @Override
    public Long emptyState() {
      return 0L;
    }

    @Override
    public CommandHandler<Add, Long, Long> commandHandler() {
      return newCommandHandlerBuilder()
          .forAnyState()
          .onCommand(
              Add.class, add -> Effect().persist(add.number()).thenReply(add.replyTo(), sum -> sum))
          .build();
    }

    @Override
    public EventHandler<Long, Long> eventHandler() {
      return newEventHandlerBuilder().forAnyState().onEvent(Long.class, Long::sum).build();
    }

    @Override
    public RetentionCriteria retentionCriteria() {
      return RetentionCriteria.snapshotEvery(EVENTS_TO_A_SNAPSHOT, KEPT_SNAPSHOTS)
          .withDeleteEventsOnSnapshot();
    }
  }

  @Test
  void recoversFromASnapshotAndTheEventsAfterIt() {
    String keyspace = CASSANDRA.newKeyspaceName();
    String settings =
        """
        holdfast.cassandra.partition-size = 7
        pekko.persistence.snapshot-store.plugin = "holdfast.snapshot-store"
        """;
    long sum = 0;
    long next = 0;
    for (int start = 0; start < 4; start++) {
      ActorTestKit kit =
          ActorTestKit.create("retention", TestConfig.journal(CASSANDRA, keyspace, settings));
      try {
        ActorRef<Counter.Add> counter = kit.spawn(new Counter());
        for (int i = 0; i < 23; i++) {
          long number = ++next;
          sum += number;
          Long answer =
              get(
                  AskPattern.ask(
                      counter,
                      replyTo -> new Counter.Add(number, replyTo),
                      Patience.LIMIT,
                      kit.scheduler()));
          assertThat(answer).isEqualTo(sum);
        }
        long latest = next / EVENTS_TO_A_SNAPSHOT * EVENTS_TO_A_SNAPSHOT;
        long firstKept = latest - KEPT_SNAPSHOTS * EVENTS_TO_A_SNAPSHOT;
        await()
            .untilAsserted(
                () -> {
                  assertThat(count(keyspace, "snapshots")).isLessThanOrEqualTo(KEPT_SNAPSHOTS + 1);
                  assertThat(count(keyspace, "events WHERE seq_nr <= " + firstKept)).isZero();
                });
      } finally {
        kit.shutdownTestKit();
      }
    }
    assertThat(next).isEqualTo(92);
    assertThat(count(keyspace, "snapshots")).isPositive();
  }

  private static long count(String keyspace, String what) {
    return CASSANDRA
        .session()
        .execute("SELECT count(*) FROM %s.%s ALLOW FILTERING".formatted(keyspace, what))
        .one()
        .getLong(0);
  }
}
