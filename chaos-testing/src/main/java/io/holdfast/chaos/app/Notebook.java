// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.app;

import io.holdfast.chaos.history.Event;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import io.holdfast.chaos.history.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;

/**
 * A persistent actor whose events are texts, and whose state is all of them. It takes a snapshot
 * now and then, and stops when a write fails.
 */
final class Notebook extends EventSourcedBehavior<Notebook.Command, String, Notebook.State> {
  private static final int EVENTS_TO_A_SNAPSHOT = 20;
  private static final int KEPT_SNAPSHOTS = 2;

  sealed interface Command {}

  record Note(Operation.Persist persist, CompletableFuture<Outcome> answer, ActorRef<Done> whenDone)
      implements Command {}

  record Recite(CompletableFuture<Outcome> answer, ActorRef<Done> whenDone) implements Command {}

  record Stop() implements Command {}

  /** A command is done. */
  record Done() implements NotebookHost.Message {}

  /**
   * What was noted.
   *
   * @param fromSnapshot how many of the notes came with the snapshot
   */
  record State(List<String> notes, int fromSnapshot) {
    private static final State EMPTY = new State(List.of(), 0);

    State {
      notes = List.copyOf(notes);
    }

    State with(String note) {
      List<String> more = new ArrayList<>(notes);
      more.add(note);
      return new State(more, fromSnapshot);
    }

    Result.Recovered recovered() {
      List<Event> events = new ArrayList<>();
      for (String note : notes) {
        events.add(new Event(events.size() + 1L, note));
      }
      return new Result.Recovered(notes.size(), fromSnapshot, events);
    }
  }

  /** As text, so that no serializer is needed. */
  private static final class AsText implements SnapshotAdapter<State> {
    @Override
    public Object toJournal(State state) {
      return String.join(" ", state.notes());
    }

    @Override
    public State fromJournal(Object from) {
      List<String> notes = List.of(((String) from).split(" "));
      return new State(notes, notes.size());
    }
  }

  private final ActorContext<Command> context;

  private Notebook(ActorContext<Command> context, String persistenceId) {
    super(PersistenceId.ofUniqueId(persistenceId));
    this.context = context;
  }

  /** Whether a stream's id is that of such an actor. */
  static boolean isOne(String persistenceId) {
    return persistenceId.startsWith("actors-");
  }

  static Behavior<Command> create(String persistenceId) {
    return Behaviors.setup(context -> new Notebook(context, persistenceId));
  }

  @Override
  public State emptyState() {
    return State.EMPTY;
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(EVENTS_TO_A_SNAPSHOT, KEPT_SNAPSHOTS);
  }

  @Override
  public SnapshotAdapter<State> snapshotAdapter() {
    return new AsText();
  }

  @Override
  public CommandHandler<Command, String, State> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(Note.class, this::note)
        .onCommand(
            Recite.class,
            (state, recite) -> {
              recite.answer().complete(Outcome.ok(state.recovered()));
              recite.whenDone().tell(new Done());
              return Effect().none();
            })
        .onCommand(Stop.class, stop -> Effect().stop())
        .build();
  }

  private Effect<String, State> note(State state, Note note) {
    long stands = lastSequenceNumber(context);
    if (note.persist().after() != stands) {
      note.answer().complete(new Outcome.Conflict(stands));
      note.whenDone().tell(new Done());
      return Effect().none();
    }
    List<String> ids = note.persist().ids();
    return Effect()
        .persist(ids)
        .thenRun(
            (State after) -> {
              note.answer()
                  .complete(
                      Outcome.ok(new Result.Appended(stands + 1, stands + ids.size(), false)));
              note.whenDone().tell(new Done());
            });
  }

  @Override
  public EventHandler<State, String> eventHandler() {
    return newEventHandlerBuilder().forAnyState().onEvent(String.class, State::with).build();
  }
}
