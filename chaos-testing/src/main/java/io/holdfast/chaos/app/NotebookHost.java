// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.app;

import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import io.holdfast.journal.JournalException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/**
 * Runs one {@link Notebook} and hands it one operation at a time. Nothing hinders another process
 * from running the same: fencing has to.
 */
final class NotebookHost extends AbstractBehavior<NotebookHost.Message> {
  /** What a host is told. */
  interface Message {}

  record Perform(Operation operation, CompletableFuture<Outcome> answer) implements Message {}

  private final String persistenceId;
  private final Queue<Perform> waiting = new ArrayDeque<>();
  private @Nullable ActorRef<Notebook.Command> notebook;
  private @Nullable Perform current;

  private NotebookHost(ActorContext<Message> context, String persistenceId) {
    super(context);
    this.persistenceId = persistenceId;
  }

  static Behavior<Message> create(String persistenceId) {
    return Behaviors.setup(context -> new NotebookHost(context, persistenceId));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Perform.class, this::onPerform)
        .onMessage(Notebook.Done.class, done -> next())
        .onSignal(ChildFailed.class, failed -> onFailed(failed.cause()))
        .onSignal(Terminated.class, stopped -> onStopped())
        .build();
  }

  private Behavior<Message> onPerform(Perform perform) {
    waiting.add(perform);
    return current == null ? next() : this;
  }

  private Behavior<Message> next() {
    current = waiting.poll();
    if (current == null) {
      return this;
    }
    ActorRef<Notebook.Command> running = notebook;
    if (current.operation() instanceof Operation.Persist persist) {
      if (running == null) {
        current.answer().complete(new Outcome.Unavailable("the actor has not recovered"));
        return next();
      }
      running.tell(new Notebook.Note(persist, current.answer(), getContext().getSelf().narrow()));
      return this;
    }
    if (running == null) {
      return recover(current);
    }
    running.tell(new Notebook.Stop());
    return this;
  }

  private Behavior<Message> recover(Perform perform) {
    ActorRef<Notebook.Command> started =
        getContext().spawnAnonymous(Notebook.create(persistenceId));
    getContext().watch(started);
    started.tell(new Notebook.Recite(perform.answer(), getContext().getSelf().narrow()));
    notebook = started;
    return this;
  }

  /** It was asked to, to be started anew. */
  private Behavior<Message> onStopped() {
    notebook = null;
    return current == null ? this : recover(current);
  }

  private Behavior<Message> onFailed(Throwable cause) {
    notebook = null;
    Perform failed = current;
    if (failed != null) {
      failed.answer().complete(outcome(failed.operation(), cause));
    }
    return next();
  }

  private static Outcome outcome(Operation operation, Throwable failure) {
    if (operation instanceof Operation.Recover) {
      return new Outcome.Unavailable(failure.toString());
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof JournalException told
          && told.outcome() == JournalException.Outcome.UNAVAILABLE) {
        return new Outcome.Unavailable(told.toString());
      }
    }
    return new Outcome.Unknown(failure.toString());
  }
}
