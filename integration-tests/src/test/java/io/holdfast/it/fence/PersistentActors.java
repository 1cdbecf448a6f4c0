// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import io.holdfast.it.TestConfig;
import io.holdfast.journal.JournalSetup;
import io.holdfast.test.Patience;
import io.holdfast.testkit.CassandraExtension;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import scala.jdk.javaapi.FutureConverters;

/**
 * A contender with a persistent actor to a stream. One whose write failed is followed by another,
 * which recovers with the next request. (Pekko could restart it; but then, in 1.7, what waits for
 * an actor that failed to persist several events waits until one more message comes.)
 */
final class PersistentActors implements Contender {
  private final ActorSystem system;
  private final Map<String, ActorRef<Scroll.Command>> actors = new ConcurrentHashMap<>();

  private PersistentActors(ActorSystem system) {
    this.system = system;
  }

  static PersistentActors start(
      CassandraExtension cassandra, String keyspace, String settings, InstantSource clock) {
    return new PersistentActors(
        ActorSystem.create(
            "contender",
            ActorSystemSetup.create(
                BootstrapSetup.create(TestConfig.journal(cassandra, keyspace, settings)),
                new JournalSetup(clock))));
  }

  private ActorRef<Scroll.Command> actor(String stream) {
    return actors.computeIfAbsent(stream, id -> Adapter.spawnAnonymous(system, Scroll.create(id)));
  }

  @Override
  public CompletionStage<Answer> append(String stream, List<String> texts) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    ActorRef<Scroll.Command> actor = actor(stream);
    actor.tell(new Scroll.Append(texts, answer));
    return answer.whenComplete(
        (result, failure) -> {
          if (result == null || !result.isAcknowledged()) {
            actors.remove(stream, actor);
          }
        });
  }

  @Override
  public CompletionStage<List<String>> read(String stream) {
    CompletableFuture<List<String>> answer = new CompletableFuture<>();
    actor(stream).tell(new Scroll.Read(answer));
    return answer;
  }

  @Override
  public void close() {
    try {
      Patience.get(FutureConverters.asJava(system.terminate()));
    } catch (Exception e) {
      throw new AssertionError("the actor system did not end", e);
    }
  }
}
