// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import static io.holdfast.it.Stages.failure;
import static io.holdfast.it.Stages.get;
import static io.holdfast.testkit.StreamAssert.assertStream;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.eventstore.EventMetadata;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.eventstore.decider.CommandHandler;
import io.holdfast.eventstore.decider.Decided;
import io.holdfast.it.TestCluster;
import io.holdfast.it.eventstore.Account.Deposited;
import io.holdfast.it.eventstore.Account.Post;
import io.holdfast.it.eventstore.Account.Withdrawn;
import io.holdfast.serialization.JsonEventSerializer;
import io.holdfast.testkit.CassandraExtension;
import io.holdfast.testkit.CountingIds;
import io.holdfast.testkit.DeciderSpecification;
import io.holdfast.testkit.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The examples of docs/aggregates.md and docs/testing.md. */
class AggregatesExampleTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final Instant NEW_YEAR = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void takesNoMoreThanThereIs() {
    DeciderSpecification<Post, Long, Account.Event> account =
        DeciderSpecification.of(new Account()).given(new Deposited(100));

    account.when(new Post(-30)).thenEvents(new Withdrawn(30)).thenState(70L);
    account.when(new Post(-101)).thenException(IllegalStateException.class);
  }

  @Test
  void handlesCommandsToAStream() {
    TestClock clock = TestClock.at(NEW_YEAR);
    try (TestCluster cluster =
        TestCluster.start(
            CASSANDRA,
            CASSANDRA.newKeyspaceName(),
            1,
            "",
            builder ->
                builder
                    .serializer(JsonEventSerializer.builder().register(Account.Event.class).build())
                    .clock(clock)
                    .idGenerator(new CountingIds()))) {
      EventStore store = cluster.store(0);

      CommandHandler<Post, Long, Account.Event> accounts =
          CommandHandler.of(store, new Account(), Account.Event.class);
      CompletionStage<Decided<Long, Account.Event>> done =
          accounts
              .handle("Account|17", new Post(100))
              .thenCompose(deposited -> accounts.handle("Account|17", new Post(-30)));

      StreamDomainEvent<Account.Event> cause = get(done).events().get(0);
      assertThat(get(done).state()).isEqualTo(70);
      assertThat(failure(accounts.handle("Account|17", new Post(-71)), RuntimeException.class))
          .isExactlyInstanceOf(IllegalStateException.class)
          .hasMessage("the balance is only 70");
      clock.advance(Duration.ofMinutes(5));
      get(accounts.handle("Account|18", new Post(30), EventMetadata.causedBy(cause)));

      assertStream(store, "Account|17")
          .hasVersion(2)
          .hasEventTypes("Deposited", "Withdrawn")
          .hasPayloads(new Deposited(100), new Withdrawn(30));
      StreamDomainEvent<?> caused = assertStream(store, "Account|18").events().get(0);
      assertThat(caused.id()).isEqualTo("id-3");
      assertThat(caused.timestamp()).isEqualTo(NEW_YEAR.plusSeconds(300).toEpochMilli());
      assertThat(caused.metadata())
          .isEqualTo(EventMetadata.empty().withCausationId("id-2").withCorrelationId("id-2"));
      assertStream(store, "Account|19").doesNotExist();
    }
  }
}
