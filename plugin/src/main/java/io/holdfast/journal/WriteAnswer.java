// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import io.holdfast.fence.FenceException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.JournalProtocol;
import org.apache.pekko.persistence.JournalProtocol.WriteMessages;
import org.apache.pekko.persistence.NonPersistentRepr;
import org.apache.pekko.persistence.PersistentEnvelope;
import org.apache.pekko.persistence.PersistentRepr;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What a persistent actor hears of its request to write, in Pekko's journal protocol: first what
 * became of the request, then of each event, in order, from whoever sent the command to the actor.
 */
record WriteAnswer(WriteMessages request, ActorRef journal) {
  /**
   * Tells the actor.
   *
   * @param rejections for each atomic write why it was rejected, if it was; empty if none was
   * @param failure why all failed, if they did
   */
  void tell(List<Optional<Exception>> rejections, @Nullable Throwable failure) {
    if (failure == null) {
      succeed(rejections.iterator());
    } else {
      fail(Answers.translate(FenceException.causeOf(failure)));
    }
  }

  private void succeed(Iterator<Optional<Exception>> rejections) {
    tell(JournalProtocol.WriteMessagesSuccessful$.MODULE$, journal);
    int instance = request.actorInstanceId();
    for (PersistentEnvelope message : messages()) {
      Exception rejection =
          message instanceof AtomicWrite && rejections.hasNext()
              ? rejections.next().orElse(null)
              : null;
      tell(
          message,
          event ->
              rejection == null
                  ? new JournalProtocol.WriteMessageSuccess(event, instance)
                  : new JournalProtocol.WriteMessageRejected(event, rejection, instance));
    }
  }

  private void fail(Throwable cause) {
    int writes = 0;
    for (PersistentEnvelope message : messages()) {
      writes += message instanceof AtomicWrite ? 1 : 0;
    }
    tell(new JournalProtocol.WriteMessagesFailed(cause, writes), journal);
    int instance = request.actorInstanceId();
    for (PersistentEnvelope message : messages()) {
      tell(message, event -> new JournalProtocol.WriteMessageFailure(event, cause, instance));
    }
  }

  private Iterable<PersistentEnvelope> messages() {
    return CollectionConverters.asJava(request.messages());
  }

  /**
   * What is not to be stored ({@code defer}) comes back in its place, whatever became of the rest.
   */
  private void tell(PersistentEnvelope message, Function<PersistentRepr, Object> answer) {
    if (message instanceof AtomicWrite write) {
      CollectionConverters.asJava(write.payload())
          .forEach(event -> tell(answer.apply(event), event.sender()));
    } else if (message instanceof NonPersistentRepr loop) {
      tell(
          new JournalProtocol.LoopMessageSuccess(loop.payload(), request.actorInstanceId()),
          loop.sender());
    }
  }

  private void tell(Object message, ActorRef sender) {
    request.persistentActor().tell(message, sender);
  }
}
