// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import io.holdfast.it.fence.Answer.Outcome;
import io.holdfast.journal.JournalException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.JournalPersistFailed;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.jspecify.annotations.Nullable;

/** A persistent actor that keeps texts. It stops when a write failed, as Pekko has it. */
final class Scroll extends EventSourcedBehavior<Scroll.Command, String, List<String>> {
  sealed interface Command {}

  /** Persists all or none. */
  record Append(List<String> texts, CompletableFuture<Answer> answer) implements Command {}

  record Read(CompletableFuture<List<String>> answer) implements Command {}

  /** The answer that waits for the write in flight; an actor that persists takes no command. */
  private @Nullable CompletableFuture<Answer> waiting;

  private Scroll(String id) {
    super(PersistenceId.ofUniqueId(id));
  }

  static Behavior<Command> create(String id) {
    return Behaviors.setup(context -> new Scroll(id));
  }

  @Override
  public List<String> emptyState() {
    return List.of();
  }

  @Override
  public CommandHandler<Command, String, List<String>> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(Append.class, this::append)
        .onCommand(
            Read.class,
            (texts, read) -> Effect().none().thenRun(same -> read.answer().complete(same)))
        .build();
  }

  private Effect<String, List<String>> append(Append append) {
    waiting = append.answer();
    return Effect()
        .persist(append.texts())
        .thenRun(texts -> append.answer().complete(Answer.acknowledged(texts.size())));
  }

  @Override
  public SignalHandler<List<String>> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(JournalPersistFailed.class, (texts, failed) -> fail(failed.failure()))
        .build();
  }

  private void fail(Throwable failure) {
    CompletableFuture<Answer> answer = waiting;
    if (answer == null) {
      return;
    }
    if (failure instanceof JournalException journal) {
      Outcome outcome =
          journal.outcome() == JournalException.Outcome.UNAVAILABLE
              ? Outcome.UNAVAILABLE
              : Outcome.UNKNOWN;
      answer.complete(Answer.failed(outcome, failure));
    } else {
      answer.completeExceptionally(failure);
    }
  }

  @Override
  public EventHandler<List<String>, String> eventHandler() {
    return newEventHandlerBuilder()
        .forAnyState()
        .onEvent(
            String.class,
            (texts, text) -> {
              List<String> more = new ArrayList<>(texts);
              more.add(text);
              return List.copyOf(more);
            })
        .build();
  }
}
