// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.migration;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import io.holdfast.it.TestConfig;
import io.holdfast.query.HoldfastReadJournal;
import io.holdfast.test.Patience;
import io.holdfast.testkit.CassandraExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An application that changes from pekko-persistence-cassandra to Holdfast. */
class JournalCopyTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final int PARTITION = 7;

  /** Keeps what it was told. */
  private static final class Account extends EventSourcedBehavior<Account.Command, String, String> {
    sealed interface Command {}

    record Enter(String text, ActorRef<Done> replyTo) implements Command {}

    record Read(ActorRef<String> replyTo) implements Command {}

    private final boolean keepEvents;

    Account(String id, boolean keepEvents) {
      super(PersistenceId.ofUniqueId(id));
      this.keepEvents = keepEvents;
    }

    @Override
    public String emptyState() {
      return "";
    }

    @Override
    public Set<String> tagsFor(String event) {
      return Set.of("tag-" + event.length());
    }

    @Override
    public CommandHandler<Command, String, String> commandHandler() {
      return newCommandHandlerBuilder()
          .forAnyState()
          .onCommand(
              Enter.class,
              enter ->
                  Effect()
                      .persist(enter.text())
                      .thenReply(enter.replyTo(), state -> Done.getInstance()))
          .onCommand(Read.class, (state, read) -> Effect().reply(read.replyTo(), state))
          .build();
    }

    @Override
    public EventHandler<String, String> eventHandler() {
      return newEventHandlerBuilder()
          .forAnyState()
          .onEvent(String.class, (state, event) -> state + "|" + event)
          .build();
    }

    @Override
    public RetentionCriteria retentionCriteria() {
      return keepEvents
          ? RetentionCriteria.disabled()
          : RetentionCriteria.snapshotEvery(8, 1).withDeleteEventsOnSnapshot();
    }
  }

  private static Config peer(String keyspace) {
    String settings =
        """
        pekko.persistence {
          journal.plugin = "pekko.persistence.cassandra.journal"
          snapshot-store.plugin = "pekko.persistence.cassandra.snapshot"
          cassandra {
            journal {
              keyspace = "%1$s"
              keyspace-autocreate = on
              tables-autocreate = on
              target-partition-size = %2$d
            }
            snapshot {
              keyspace = "%1$s"
              keyspace-autocreate = on
              tables-autocreate = on
            }
          }
        }
        """
            .formatted(keyspace, PARTITION);
    return TestConfig.journal(CASSANDRA, "unused", settings);
  }

  private static String read(ActorTestKit kit, String id, boolean keepEvents) {
    ActorRef<Account.Command> account = kit.spawn(new Account(id, keepEvents));
    return get(AskPattern.ask(account, Account.Read::new, Patience.LIMIT, kit.scheduler()));
  }

  private static void enter(ActorTestKit kit, String id, boolean keepEvents, int from, int to) {
    ActorRef<Account.Command> account = kit.spawn(new Account(id, keepEvents));
    for (int i = from; i <= to; i++) {
      String text = "e".repeat(i % 3 + 1) + i;
      get(
          AskPattern.<Account.Command, Done>ask(
              account,
              replyTo -> new Account.Enter(text, replyTo),
              Patience.LIMIT,
              kit.scheduler()));
    }
    kit.stop(account);
  }

  @Test
  void goesOnWithItsHistory() throws Exception {
    String old = CASSANDRA.newKeyspaceName();
    Map<String, String> states = new TreeMap<>();
    ActorTestKit before = ActorTestKit.create("before", peer(old));
    try {
      enter(before, "account|kept", true, 1, 30);
      enter(before, "account|pruned", false, 1, 30);
      enter(before, "account|short", true, 1, 1);
      states.put("account|kept", read(before, "account|kept", true));
      states.put("account|pruned", read(before, "account|pruned", false));
      states.put("account|short", read(before, "account|short", true));
    } finally {
      before.shutdownTestKit();
    }

    String settings =
        """
        holdfast.cassandra.partition-size = 5
        holdfast.journal.max-batch-size = 5
        pekko.persistence.snapshot-store.plugin = "holdfast.snapshot-store"
        """;
    ActorTestKit after =
        ActorTestKit.create(
            "after", TestConfig.journal(CASSANDRA, CASSANDRA.newKeyspaceName(), settings));
    try {
      JournalCopy copy =
          new JournalCopy(
              Adapter.toClassic(after.system()), CASSANDRA.session(), old, old, PARTITION);
      Map<String, Long> copied = new TreeMap<>();
      copy.copyAll(copied::put);
      assertThat(copied).containsEntry("account|kept", 30L).containsEntry("account|short", 1L);
      assertThat(copied.get("account|pruned")).isLessThan(30L);

      Map<String, Long> again = new TreeMap<>();
      copy.copyAll(again::put);
      assertThat(again.values()).containsOnly(0L);

      states.forEach(
          (id, state) ->
              assertThat(read(after, id, !id.endsWith("pruned"))).as(id).isEqualTo(state));
      enter(after, "account|kept", true, 31, 31);
      assertThat(read(after, "account|kept", true)).endsWith("|ee31");
      assertThat(sequenceNrs(after, "account|kept")).hasSize(31).endsWith(31L);
    } finally {
      after.shutdownTestKit();
    }
  }

  private static List<Long> sequenceNrs(ActorTestKit kit, String id) {
    return new ArrayList<>(
        get(
            PersistenceQuery.get(kit.system())
                .getReadJournalFor(HoldfastReadJournal.class, HoldfastReadJournal.IDENTIFIER)
                .currentEventsByPersistenceId(id, 1, Long.MAX_VALUE)
                .map(envelope -> envelope.sequenceNr())
                .runWith(Sink.seq(), kit.system())));
  }
}
