// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Props;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.DeleteMessagesFailure;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.Recovery;
import org.apache.pekko.persistence.RecoveryCompleted;

/** A classic persistent actor. It tells an observer, as text, all that happens to it. */
final class Ledger extends AbstractPersistentActor {
  record Persist(String text) {}

  record PersistAll(List<String> texts) {}

  /** Persists asynchronously, and defers a message behind it. */
  record PersistAsync(List<String> texts, String deferred) {}

  record Defer(String text) {}

  record Delete(long toSequenceNr) {}

  private final String persistenceId;
  private final Recovery recovery;
  private final ActorRef observer;
  private final List<String> recovered = new ArrayList<>();

  private Ledger(String persistenceId, Recovery recovery, ActorRef observer) {
    this.persistenceId = persistenceId;
    this.recovery = recovery;
    this.observer = observer;
  }

  static Props props(String persistenceId, Recovery recovery, ActorRef observer) {
    return Props.create(Ledger.class, () -> new Ledger(persistenceId, recovery, observer));
  }

  @Override
  public String persistenceId() {
    return persistenceId;
  }

  @Override
  public Recovery recovery() {
    return recovery;
  }

  @Override
  public Receive createReceiveRecover() {
    return receiveBuilder()
        .match(TestEvent.class, event -> recovered.add(event.text()))
        .match(
            RecoveryCompleted.class,
            completed -> tell("recovered " + recovered + " to " + lastSequenceNr()))
        .build();
  }

  @Override
  public Receive createReceive() {
    return receiveBuilder()
        .match(Persist.class, command -> persist(new TestEvent(command.text()), this::persisted))
        .match(PersistAll.class, command -> persistAll(events(command.texts()), this::persisted))
        .match(
            PersistAsync.class,
            command -> {
              command.texts().forEach(text -> persistAsync(new TestEvent(text), this::persisted));
              deferAsync(command.deferred(), text -> tell("deferred " + text));
              tell("going on");
            })
        .match(Defer.class, command -> defer(command.text(), text -> tell("deferred " + text)))
        .match(Delete.class, command -> deleteMessages(command.toSequenceNr()))
        .match(DeleteMessagesSuccess.class, done -> tell("deleted to " + done.toSequenceNr()))
        .match(DeleteMessagesFailure.class, failed -> tell("not deleted: " + failed.cause()))
        .build();
  }

  private static List<TestEvent> events(List<String> texts) {
    return texts.stream().map(TestEvent::new).toList();
  }

  private void persisted(TestEvent event) {
    tell("persisted " + event.text() + " at " + lastSequenceNr());
  }

  @Override
  public void onPersistRejected(Throwable cause, Object event, long sequenceNr) {
    tell("rejected " + ((TestEvent) event).text() + " at " + sequenceNr);
  }

  private void tell(String happening) {
    observer.tell(happening, getSelf());
  }
}
