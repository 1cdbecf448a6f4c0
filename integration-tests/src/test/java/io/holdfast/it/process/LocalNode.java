// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import com.typesafe.config.Config;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.it.SingleTries;
import io.holdfast.it.process.Subject.Kind;
import io.holdfast.test.Patience;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.stream.javadsl.Sink;

/** A node in this JVM: an actor system with an event store and persistent actors. */
final class LocalNode implements Node, AutoCloseable {
  /** Does not wait for other nodes at the end of a test: those may be dead already. */
  static final String QUICK_END =
      """
      pekko.coordinated-shutdown {
        default-phase-timeout = 2 s
        phases.cluster-sharding-shutdown-region.timeout = 2 s
        phases.cluster-exiting.timeout = 2 s
      }
      """;

  private final String name;
  private final ActorSystem<Void> system;
  private final Map<String, ActorRef<ActorHost.Message>> actors = new ConcurrentHashMap<>();
  private final CompletableFuture<EventStore> store = new CompletableFuture<>();

  private LocalNode(String name, ActorSystem<Void> system) {
    this.name = name;
    this.system = system;
  }

  static LocalNode start(String name, Config config) {
    return new LocalNode(name, ActorSystem.create(Behaviors.empty(), "test", config));
  }

  @Override
  public String name() {
    return name;
  }

  ActorSystem<Void> system() {
    return system;
  }

  /** The event store; once the node has joined. */
  EventStore store() {
    return store.join();
  }

  private Cluster cluster() {
    return Cluster.get(Adapter.toClassic(system));
  }

  @Override
  public String address() {
    return cluster().selfAddress().toString();
  }

  @Override
  public CompletionStage<Void> join(String address) {
    CompletableFuture<Void> up = new CompletableFuture<>();
    cluster()
        .registerOnMemberUp(
            () -> {
              store.complete(EventStore.start(system));
              up.complete(null);
            });
    cluster().join(AddressFromURIString.parse(address));
    return up;
  }

  /** How many members of its cluster this node knows, itself included. */
  int members() {
    return (int) StreamSupport.stream(cluster().state().getMembers().spliterator(), false).count();
  }

  @Override
  public CompletionStage<Answer> append(
      Subject subject, String eventId, OptionalLong expectedVersion) {
    if (subject.kind() == Kind.ACTOR) {
      CompletableFuture<Answer> answer = new CompletableFuture<>();
      actor(subject).tell(new ActorHost.Persist(eventId, answer));
      return answer;
    }
    return store
        .thenApply(running -> SingleTries.of(system))
        .thenCompose(
            tries ->
                expectedVersion.isPresent()
                    ? tries.append(subject.id(), eventId, expectedVersion.getAsLong())
                    : tries.append(subject.id(), List.of(eventId)))
        .thenApply(Answer::appended)
        .exceptionally(Answer::of);
  }

  private ActorRef<ActorHost.Message> actor(Subject subject) {
    return actors.computeIfAbsent(
        subject.id(),
        id -> system.systemActorOf(ActorHost.create(id), "host-" + id, Props.empty()));
  }

  @Override
  public CompletionStage<List<String>> history(Subject subject) {
    if (subject.kind() == Kind.ACTOR) {
      CompletableFuture<List<String>> answer = new CompletableFuture<>();
      actor(subject).tell(new ActorHost.Read(answer));
      return answer;
    }
    return store
        .thenCompose(
            running ->
                running
                    .streamEvents(subject.id(), ReadStreamOptions.all())
                    .runWith(Sink.<StreamDomainEvent<?>>seq(), system))
        .thenApply(LocalNode::ids);
  }

  private static List<String> ids(List<StreamDomainEvent<?>> events) {
    List<String> ids = new ArrayList<>();
    for (StreamDomainEvent<?> event : events) {
      ids.add(event.id());
      if (event.version() != ids.size()) {
        throw new IllegalStateException("version " + event.version() + " follows " + ids);
      }
    }
    return ids;
  }

  @Override
  public CompletionStage<List<String>> hosted() {
    return HostedStreams.of(system);
  }

  @Override
  public void close() {
    system.terminate();
    try {
      Patience.get(system.getWhenTerminated());
    } catch (Exception e) {
      throw new IllegalStateException("the actor system did not end", e);
    }
  }
}
