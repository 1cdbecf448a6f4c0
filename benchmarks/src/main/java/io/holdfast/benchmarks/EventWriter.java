// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;

/** A typed persistent actor that persists one event a command, and tells when it is stored. */
final class EventWriter extends EventSourcedBehavior<EventWriter.Write, byte[], Integer> {
  static final int EVENT_BYTES = 256;

  record Write(ActorRef<LoadDriver.Message> replyTo, LoadDriver.Written reply) {}

  private static final byte[] EVENT = new byte[EVENT_BYTES];

  private EventWriter(String persistenceId) {
    super(PersistenceId.ofUniqueId(persistenceId));
  }

  static Behavior<Write> create(String persistenceId) {
    return new EventWriter(persistenceId);
  }

  @Override
  public Integer emptyState() {
    return 0;
  }

  @Override
  public CommandHandler<Write, byte[], Integer> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onAnyCommand(
            write ->
                Effect()
                    .persist(EVENT)
                    .thenRun((Integer events) -> write.replyTo().tell(write.reply())));
  }

  @Override
  public EventHandler<Integer, byte[]> eventHandler() {
    return newEventHandlerBuilder().forAnyState().onAnyEvent((events, event) -> events + 1);
  }
}
