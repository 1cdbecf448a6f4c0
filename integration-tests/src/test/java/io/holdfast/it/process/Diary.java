// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;

/** A typed persistent actor with the defaults: a write that fails stops it. */
final class Diary extends EventSourcedBehavior<Diary.Command, String, List<String>> {
  sealed interface Command {}

  record Note(
      String eventId, CompletableFuture<Answer> answer, ActorRef<? super ActorHost.Done> whenDone)
      implements Command {}

  record Recite(CompletableFuture<List<String>> answer, ActorRef<? super ActorHost.Done> whenDone)
      implements Command {}

  private final ActorContext<Command> context;

  private Diary(ActorContext<Command> context, String persistenceId) {
    super(PersistenceId.ofUniqueId(persistenceId));
    this.context = context;
  }

  static Behavior<Command> create(String persistenceId) {
    return Behaviors.setup(context -> new Diary(context, persistenceId));
  }

  @Override
  public List<String> emptyState() {
    return List.of();
  }

  @Override
  public CommandHandler<Command, String, List<String>> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(
            Note.class,
            note ->
                Effect()
                    .persist(note.eventId())
                    .thenRun(
                        (List<String> events) -> {
                          note.answer().complete(Answer.appended(lastSequenceNumber(context)));
                          note.whenDone().tell(new ActorHost.Done());
                        }))
        .onCommand(
            Recite.class,
            (events, recite) ->
                Effect()
                    .none()
                    .thenRun(
                        (List<String> current) -> {
                          recite.answer().complete(current);
                          recite.whenDone().tell(new ActorHost.Done());
                        }))
        .build();
  }

  @Override
  public EventHandler<List<String>, String> eventHandler() {
    return newEventHandlerBuilder()
        .forAnyState()
        .onEvent(
            String.class,
            (events, event) -> {
              List<String> more = new ArrayList<>(events);
              more.add(event);
              return more;
            })
        .build();
  }
}
