// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/**
 * Runs one persistent actor, hands it one command at a time, and starts it anew when a failed write
 * has stopped it.
 */
final class ActorHost extends AbstractBehavior<ActorHost.Message> {
  sealed interface Message {}

  record Persist(String eventId, CompletableFuture<Answer> answer) implements Message {}

  record Read(CompletableFuture<List<String>> answer) implements Message {}

  record Done() implements Message {}

  private final String persistenceId;
  private final Queue<Message> waiting = new ArrayDeque<>();
  private @Nullable ActorRef<Diary.Command> actor;
  private @Nullable Message current;

  private ActorHost(ActorContext<Message> context, String persistenceId) {
    super(context);
    this.persistenceId = persistenceId;
  }

  static Behavior<Message> create(String persistenceId) {
    return Behaviors.setup(context -> new ActorHost(context, persistenceId));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Done.class, done -> onDone())
        .onMessage(Message.class, this::onRequest)
        .onSignal(ChildFailed.class, failed -> onFailed(failed.cause()))
        .build();
  }

  private Behavior<Message> onRequest(Message request) {
    waiting.add(request);
    return next();
  }

  private Behavior<Message> onDone() {
    current = null;
    return next();
  }

  private Behavior<Message> onFailed(Throwable cause) {
    actor = null;
    if (current instanceof Persist persist) {
      persist.answer().complete(Answer.of(cause));
    } else if (current instanceof Read read) {
      read.answer().completeExceptionally(cause);
    }
    return onDone();
  }

  private Behavior<Message> next() {
    if (current == null && !waiting.isEmpty()) {
      current = waiting.remove();
      ActorRef<Diary.Command> running = actor();
      if (current instanceof Persist persist) {
        running.tell(new Diary.Note(persist.eventId(), persist.answer(), getContext().getSelf()));
      } else if (current instanceof Read read) {
        running.tell(new Diary.Recite(read.answer(), getContext().getSelf()));
      }
    }
    return this;
  }

  private ActorRef<Diary.Command> actor() {
    ActorRef<Diary.Command> running = actor;
    if (running == null) {
      running = getContext().spawnAnonymous(Diary.create(persistenceId));
      getContext().watch(running);
      actor = running;
    }
    return running;
  }
}
