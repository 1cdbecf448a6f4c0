// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;

/** A typed persistent actor as an application would write it. */
final class Notebook extends EventSourcedBehavior<Notebook.Command, TestEvent, List<String>> {
  sealed interface Command {}

  /** Persists a line each, all or none, and answers once they are stored. */
  record Note(List<String> lines, ActorRef<Done> replyTo) implements Command {}

  record Read(ActorRef<List<String>> replyTo) implements Command {}

  record Close(ActorRef<Done> replyTo) implements Command {}

  private Notebook(String id) {
    super(PersistenceId.ofUniqueId(id));
  }

  static Behavior<Command> create(String id) {
    return new Notebook(id);
  }

  @Override
  public List<String> emptyState() {
    return List.of();
  }

  @Override
  public Set<String> tagsFor(TestEvent event) {
    return event.text().startsWith("#") ? Set.of("heading", "all") : Set.of("all");
  }

  @Override
  public CommandHandler<Command, TestEvent, List<String>> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(
            Note.class,
            note ->
                Effect()
                    .persist(note.lines().stream().map(TestEvent::new).toList())
                    .thenReply(note.replyTo(), lines -> Done.getInstance()))
        .onCommand(Read.class, (lines, read) -> Effect().reply(read.replyTo(), lines))
        .onCommand(
            Close.class,
            close ->
                Effect().none().thenStop().thenReply(close.replyTo(), lines -> Done.getInstance()))
        .build();
  }

  @Override
  public EventHandler<List<String>, TestEvent> eventHandler() {
    return newEventHandlerBuilder()
        .forAnyState()
        .onEvent(
            TestEvent.class,
            (lines, event) -> {
              List<String> more = new ArrayList<>(lines);
              more.add(event.text());
              return List.copyOf(more);
            })
        .build();
  }
}
