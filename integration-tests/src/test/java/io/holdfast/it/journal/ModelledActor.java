// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.pekko.actor.Props;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.DeleteMessagesFailure;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.DeleteSnapshotsFailure;
import org.apache.pekko.persistence.DeleteSnapshotsSuccess;
import org.apache.pekko.persistence.RecoveryCompleted;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SnapshotOffer;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;

/** A persistent actor whose state is the texts of its events. {@link JournalModel} says which. */
final class ModelledActor extends AbstractPersistentActor {
  /** Persists groups of events, each atomically, one by one or all at once. */
  record Write(List<List<String>> groups, boolean async, CompletableFuture<Void> done) {}

  record Delete(long toSequenceNr, CompletableFuture<Void> done) {}

  record Snapshot(CompletableFuture<Long> sequenceNr) {}

  record DeleteSnapshots(long toSequenceNr, CompletableFuture<Void> done) {}

  /** Fails, so that its supervisor restarts it. */
  record Fail() {}

  record Recovered(List<String> texts, long lastSequenceNr) {}

  /** What the actors of one id tell, all incarnations of it. */
  static final class Observer {
    final BlockingQueue<Recovered> recoveries = new LinkedBlockingQueue<>();
    final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  }

  private final String persistenceId;
  private final Observer observer;
  private final List<String> texts = new ArrayList<>();

  private int left;
  private CompletableFuture<Void> written = new CompletableFuture<>();
  private CompletableFuture<Void> deleted = new CompletableFuture<>();
  private CompletableFuture<Long> saved = new CompletableFuture<>();

  private ModelledActor(String persistenceId, Observer observer) {
    this.persistenceId = persistenceId;
    this.observer = observer;
  }

  static Props props(String persistenceId, Observer observer) {
    return Props.create(ModelledActor.class, () -> new ModelledActor(persistenceId, observer));
  }

  @Override
  public String persistenceId() {
    return persistenceId;
  }

  @Override
  public Receive createReceiveRecover() {
    return receiveBuilder()
        .match(
            SnapshotOffer.class,
            offer -> texts.addAll(List.of(((String) offer.snapshot()).split(" "))))
        .match(TestEvent.class, event -> texts.add(event.text()))
        .match(
            RecoveryCompleted.class,
            done -> observer.recoveries.add(new Recovered(List.copyOf(texts), lastSequenceNr())))
        .build();
  }

  @Override
  public Receive createReceive() {
    return receiveBuilder()
        .match(Write.class, this::write)
        .match(
            Delete.class,
            delete -> {
              deleted = delete.done();
              deleteMessages(delete.toSequenceNr());
            })
        .match(
            Snapshot.class,
            snapshot -> {
              saved = snapshot.sequenceNr();
              saveSnapshot(String.join(" ", texts));
            })
        .match(
            DeleteSnapshots.class,
            delete -> {
              deleted = delete.done();
              deleteSnapshots(
                  SnapshotSelectionCriteria.create(delete.toSequenceNr(), Long.MAX_VALUE));
            })
        .match(Fail.class, fail -> fail())
        .match(DeleteMessagesSuccess.class, done -> deleted.complete(null))
        .match(DeleteMessagesFailure.class, e -> deleted.completeExceptionally(e.cause()))
        .match(DeleteSnapshotsSuccess.class, done -> deleted.complete(null))
        .match(DeleteSnapshotsFailure.class, e -> deleted.completeExceptionally(e.cause()))
        .match(SaveSnapshotSuccess.class, done -> saved.complete(done.metadata().sequenceNr()))
        .match(SaveSnapshotFailure.class, e -> saved.completeExceptionally(e.cause()))
        .build();
  }

  private static void fail() {
    throw new IllegalStateException("the test restarts this actor");
  }

  private void write(Write write) {
    written = write.done();
    left = write.groups().stream().mapToInt(List::size).sum();
    for (List<String> group : write.groups()) {
      List<TestEvent> events = group.stream().map(TestEvent::new).toList();
      if (write.async()) {
        persistAllAsync(events, this::onPersisted);
      } else {
        persistAll(events, this::onPersisted);
      }
    }
  }

  private void onPersisted(TestEvent event) {
    texts.add(event.text());
    observer.acknowledged.add(event.text());
    onAnswer();
  }

  @Override
  public void onPersistRejected(Throwable cause, Object event, long sequenceNr) {
    onAnswer();
  }

  @Override
  public void onPersistFailure(Throwable cause, Object event, long sequenceNr) {
    written.completeExceptionally(cause);
  }

  private void onAnswer() {
    if (--left == 0) {
      written.complete(null);
    }
  }
}
