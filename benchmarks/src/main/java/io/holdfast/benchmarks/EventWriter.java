// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.util.Collections;
import java.util.Set;
import java.util.function.LongConsumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;

/**
 * A typed persistent actor that persists what each command says, and tells when it is stored. Its
 * state is the number of its events, and so the last one's sequence number.
 */
final class EventWriter extends EventSourcedBehavior<EventWriter.Write, byte[], Long> {
  static final int EVENT_BYTES = 256;

  /**
   * Persist events, all at once; none to hear when the actor has recovered.
   *
   * @param stored is told the sequence number of the last one by the actor's thread
   */
  record Write(int events, LongConsumer stored) {}

  private static final byte[] EVENT = new byte[EVENT_BYTES];

  private final Set<String> tags;

  private EventWriter(String persistenceId, Set<String> tags) {
    super(PersistenceId.ofUniqueId(persistenceId));
    this.tags = tags;
  }

  /**
   * A writer.
   *
   * @param tags of all of its events
   */
  static Behavior<Write> create(String persistenceId, Set<String> tags) {
    return new EventWriter(persistenceId, tags);
  }

  @Override
  public Set<String> tagsFor(byte[] event) {
    return tags;
  }

  @Override
  public Long emptyState() {
    return 0L;
  }

  @Override
  public CommandHandler<Write, byte[], Long> commandHandler() {
    return newCommandHandlerBuilder().forAnyState().onAnyCommand(this::persist);
  }

  private Effect<byte[], Long> persist(Write write) {
    return switch (write.events()) {
      case 0 -> Effect().none().thenRun(write.stored()::accept);
      case 1 -> Effect().persist(EVENT).thenRun(write.stored()::accept);
      default ->
          Effect()
              .persist(Collections.nCopies(write.events(), EVENT))
              .thenRun(write.stored()::accept);
    };
  }

  @Override
  public EventHandler<Long, byte[]> eventHandler() {
    return newEventHandlerBuilder().forAnyState().onAnyEvent((events, event) -> events + 1);
  }
}
