// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import static io.holdfast.it.Stages.get;
import static io.holdfast.testkit.StreamAssert.assertStream;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.eventstore.EventMetadata;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.eventstore.decider.CommandHandler;
import io.holdfast.eventstore.decider.Decided;
import io.holdfast.eventstore.decider.Decider;
import io.holdfast.it.Seeds;
import io.holdfast.it.TestCluster;
import io.holdfast.it.eventstore.Account.Post;
import io.holdfast.serialization.JsonEventSerializer;
import io.holdfast.testkit.CassandraExtension;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Commands to one stream through handlers on two nodes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RivalDecidersTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final int CLIENTS = 8;
  private static final int COMMANDS = 30;

  private TestCluster cluster;

  @BeforeAll
  void start() {
    cluster =
        TestCluster.start(
            CASSANDRA,
            CASSANDRA.newKeyspaceName(),
            2,
            "holdfast.cassandra.partition-size = 64",
            builder ->
                builder.serializer(
                    JsonEventSerializer.builder().register(Account.Event.class).build()));
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private static CommandHandler<Post, Long, Account.Event> accounts(
      EventStore store, Decider<Post, Long, Account.Event> decider) {
    return CommandHandler.of(store, decider, Account.Event.class);
  }

  /** How a command ended: the amount that it posted, or 0 if it was refused. */
  private record Outcome(String commandId, long posted) {}

  @Test
  void anAccountThatManyDrawOnKeepsItsRuleAndTakesEachCommandOnce() {
    String stream = "account-" + UUID.randomUUID();
    Random random = new Random(Seeds.next());
    AtomicInteger decisions = new AtomicInteger();
    Account counting =
        new Account() {
          @Override
          public List<Event> decide(Post post, Long balance) {
            decisions.incrementAndGet();
            return super.decide(post, balance);
          }
        };

    List<CompletableFuture<List<Outcome>>> clients = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      CommandHandler<Post, Long, Account.Event> handler =
          accounts(cluster.store(client % 2), counting).withMaxAttempts(1_000);
      List<Post> posts =
          random
              .longs(COMMANDS, -100, 100)
              .map(i -> i < 0 ? i : i + 1)
              .mapToObj(Post::new)
              .toList();
      clients.add(postAll(handler, stream, "client-" + client, posts));
    }
    Map<String, Long> posted = new HashMap<>();
    int refused = 0;
    for (CompletableFuture<List<Outcome>> client : clients) {
      for (Outcome outcome : get(client)) {
        if (outcome.posted() == 0) {
          refused++;
        } else {
          posted.put(outcome.commandId(), outcome.posted());
        }
      }
    }

    assertThat(refused).isPositive();
    assertThat(posted).hasSize(CLIENTS * COMMANDS - refused);
    assertThat(decisions).hasValueGreaterThan(CLIENTS * COMMANDS);
    Map<String, Long> stored = new HashMap<>();
    long balance = 0;
    for (StreamDomainEvent<?> event :
        assertStream(cluster.store(1), stream).hasVersion(posted.size()).events()) {
      long amount = amount(event);
      balance += amount;
      assertThat(balance).isNotNegative();
      assertThat(stored.put(requireNonNull(event.metadata().causationId()), amount)).isNull();
    }
    assertThat(stored).isEqualTo(posted);
  }

  private static long amount(StreamDomainEvent<?> event) {
    Account.Event payload = event.payloadAs(Account.Event.class);
    return new Account().evolve(0L, payload);
  }

  /** One command after the other. */
  private static CompletableFuture<List<Outcome>> postAll(
      CommandHandler<Post, Long, Account.Event> handler,
      String stream,
      String client,
      List<Post> posts) {
    List<Outcome> outcomes = new ArrayList<>();
    CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
    for (Post post : posts) {
      done =
          done.thenCompose(
              before -> {
                String commandId = client + "-" + outcomes.size();
                return handler
                    .handle(stream, post, EventMetadata.empty().withCausationId(commandId))
                    .handle((decided, failure) -> posted(commandId, decided, failure))
                    .thenAccept(outcomes::add);
              });
    }
    return done.thenApply(all -> outcomes);
  }

  private static Outcome posted(
      String commandId, Decided<Long, Account.Event> decided, Throwable failure) {
    if (failure == null) {
      assertThat(decided.events()).hasSize(1);
      return new Outcome(commandId, amount(decided.events().get(0)));
    } else if (failure instanceof IllegalStateException) {
      return new Outcome(commandId, 0);
    }
    throw new CompletionException(failure);
  }

  @Test
  void handlersOnTwoNodesSeeEachOthersEventsAtOnce() {
    String stream = "account-" + UUID.randomUUID();
    for (int i = 1; i <= 20; i++) {
      Decided<Long, Account.Event> decided =
          get(accounts(cluster.store(i % 2), new Account()).handle(stream, new Post(i)));
      assertThat(decided.version()).isEqualTo(i);
      assertThat(decided.state()).isEqualTo(i * (i + 1L) / 2);
    }
  }
}
