// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import io.holdfast.query.HoldfastReadJournal;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.persistence.typed.ReplicaId;
import org.apache.pekko.persistence.typed.ReplicationId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.ReplicatedEventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.ReplicatedEventSourcing;
import org.apache.pekko.persistence.typed.javadsl.ReplicationContext;

/** One of two replicas of a set of words, on a common journal. */
final class Replica extends ReplicatedEventSourcedBehavior<Replica.Command, String, Set<String>> {
  sealed interface Command {}

  record Add(String word) implements Command {}

  record Read(ActorRef<Set<String>> replyTo) implements Command {}

  private Replica(ReplicationContext context) {
    super(context);
  }

  static Behavior<Command> create(String entityId, String replica) {
    return ReplicatedEventSourcing.commonJournalConfig(
        new ReplicationId("Words", entityId, new ReplicaId(replica)),
        Set.of(new ReplicaId("A"), new ReplicaId("B")),
        HoldfastReadJournal.IDENTIFIER,
        Replica::new);
  }

  @Override
  public Set<String> emptyState() {
    return Set.of();
  }

  @Override
  public CommandHandler<Command, String, Set<String>> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(Add.class, add -> Effect().persist(add.word()))
        .onCommand(Read.class, (words, read) -> Effect().reply(read.replyTo(), words))
        .build();
  }

  @Override
  public EventHandler<Set<String>, String> eventHandler() {
    return (words, word) -> {
      Set<String> more = new TreeSet<>(words);
      more.add(word);
      return Set.copyOf(more);
    };
  }
}
