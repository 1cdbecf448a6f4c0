// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import static java.util.concurrent.CompletableFuture.completedFuture;

import com.typesafe.config.Config;
import io.holdfast.cassandra.PersistenceIds;
import io.holdfast.cassandra.SnapshotCriteria;
import io.holdfast.cassandra.SnapshotRow;
import io.holdfast.cassandra.SnapshotStorage;
import io.holdfast.fence.FenceException;
import io.holdfast.metrics.Measurements;
import io.holdfast.metrics.Operation;
import io.holdfast.metrics.Outcome;
import io.holdfast.metrics.Quantity;
import io.holdfast.serialization.ObjectSerialization;
import io.holdfast.serialization.SerializationException;
import io.holdfast.serialization.SerializedObject;
import io.holdfast.settings.Section;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.japi.pf.ReceiveBuilder;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.snapshot.japi.SnapshotStore;
import org.jspecify.annotations.Nullable;
import scala.PartialFunction;
import scala.concurrent.Future;
import scala.runtime.BoxedUnit;

/**
 * The snapshot store {@code holdfast.snapshot-store}. Public because Pekko creates it by name;
 * configure it, do not call it.
 *
 * <p>A snapshot is visible whole or not at all, whatever its size. One that is saved at a sequence
 * number takes the place of all others there. A snapshot is not fenced: it holds what its actor had
 * recovered or persisted, which is settled, so that two actors' snapshots at one sequence number
 * hold the same events.
 */
public final class HoldfastSnapshotStore extends SnapshotStore {
  /** If the settings are wrong; nothing else but the path is set then. */
  private @Nullable Refusal refusal;

  private final String path;
  private SnapshotStorage storage;
  private SnapshotStoreSettings settings;
  private ObjectSerialization objects;
  private Measurements measurements;
  private Executor executor;

  /** The save that has just failed; see {@link #doDeleteAsync(SnapshotMetadata)}. */
  private @Nullable SnapshotMetadata failed;

  /**
   * @param config the snapshot store's section of the configuration
   * @param path where the section stands
   */
  @SuppressWarnings("NullAway.Init") // see refusal
  public HoldfastSnapshotStore(Config config, String path) {
    this.path = path;
    try {
      initialize(config);
    } catch (RuntimeException wrong) {
      refusal = new Refusal(path, wrong);
    }
  }

  private void initialize(Config config) {
    ActorSystem system = context().system();
    this.settings = SnapshotStoreSettings.of(Section.at(config, path));
    this.storage =
        new SnapshotStorage(
            system, Section.storeAround(system.settings().config(), path), settings.patience());
    this.objects = new ObjectSerialization(context().system());
    this.measurements = Measurements.get(context().system());
    this.executor = context().dispatcher();
  }

  @Override
  public void aroundReceive(PartialFunction<Object, BoxedUnit> receive, Object message) {
    if (refusal != null) {
      refusal.answer(message, sender(), self());
      return;
    }
    super.aroundReceive(receive, message);
  }

  @Override
  public PartialFunction<Object, BoxedUnit> receivePluginInternal() {
    return ReceiveBuilder.create()
        .match(SaveSnapshotFailure.class, failure -> failed = failure.metadata())
        .build()
        .onMessage();
  }

  @Override
  public Future<Optional<SelectedSnapshot>> doLoadAsync(
      String persistenceId, SnapshotSelectionCriteria criteria) {
    return Answers.of(
        Stopwatch.start(measurements, Operation.SNAPSHOT_LOAD)
            .stopAfter(
                storage.load(
                    PersistenceIds.checked(persistenceId),
                    criteria(criteria),
                    found -> completedFuture(found).thenComposeAsync(this::selected, executor))));
  }

  private CompletableFuture<Optional<SelectedSnapshot>> selected(Optional<SnapshotRow> found) {
    return found.isEmpty()
        ? completedFuture(Optional.empty())
        : selected(found.get()).thenApply(Optional::of);
  }

  private CompletableFuture<SelectedSnapshot> selected(SnapshotRow row) {
    SnapshotMetadata metadata =
        SnapshotMetadata.apply(row.persistenceId(), row.sequenceNr(), row.timestampMillis());
    SerializedObject extra = row.metadata();
    CompletableFuture<SnapshotMetadata> whole =
        extra == null
            ? completedFuture(metadata)
            : objects.deserialize(extra).thenApply(metadata::withMetadata);
    return whole
        .thenCombine(objects.deserialize(row.snapshot()), SelectedSnapshot::create)
        .exceptionally(
            failure -> {
              Throwable cause = FenceException.causeOf(failure);
              throw new SerializationException(
                  "the snapshot of '%s' at %d (serializer %d, manifest '%s') cannot be read: %s. Mend its serializer; or delete the snapshot, and the actor recovers from an earlier one or its events"
                      .formatted(
                          row.persistenceId(),
                          row.sequenceNr(),
                          row.snapshot().serializerId(),
                          row.snapshot().manifest(),
                          cause),
                  cause);
            });
  }

  @Override
  public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
    return Answers.of(save(metadata, snapshot));
  }

  private CompletionStage<Void> save(SnapshotMetadata metadata, Object snapshot) {
    Stopwatch stopwatch = Stopwatch.start(measurements, Operation.SNAPSHOT_SAVE);
    return row(metadata, snapshot)
        .whenComplete(
            (row, failure) -> {
              if (failure != null) {
                stopwatch.stop(Outcome.REJECTED);
              }
            })
        .thenCompose(
            row ->
                stopwatch.stopAfter(
                    storage
                        .save(row, settings.chunkSize())
                        .thenAccept(
                            saved ->
                                measurements.add(
                                    Quantity.SNAPSHOT_BYTES, row.snapshot().bytes().size()))));
  }

  private CompletionStage<SnapshotRow> row(SnapshotMetadata metadata, Object snapshot) {
    CompletableFuture<Optional<SerializedObject>> extra =
        metadata.metadata().isEmpty()
            ? completedFuture(Optional.empty())
            : objects.serialize(metadata.metadata().get()).thenApply(Optional::of);
    return objects
        .serialize(snapshot)
        .thenCombine(
            extra,
            (state, beside) ->
                checked(
                    new SnapshotRow(
                        PersistenceIds.checked(metadata.persistenceId()),
                        metadata.sequenceNr(),
                        metadata.timestamp(),
                        state,
                        beside.orElse(null))));
  }

  private SnapshotRow checked(SnapshotRow row) {
    int bytes = row.snapshot().bytes().size();
    if (bytes > settings.maxBytes()) {
      throw new IllegalArgumentException(
          "the snapshot of '%s' at %d has %,d bytes, above the limit of %,d (%s.max-bytes); keep less in the state, or raise the limit"
              .formatted(row.persistenceId(), row.sequenceNr(), bytes, settings.maxBytes(), path));
    }
    return row;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a deletion that somebody asks for may be equal
  public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
    if (metadata == failed) {
      // Pekko deletes what a failed save may have left. Ours leaves nothing; and what an earlier
      // save has stored at that sequence number may be all that is left of deleted events.
      failed = null;
      return Answers.of(completedFuture(null));
    }
    // As Pekko's own stores have it, a timestamp of 0 means any.
    boolean any = metadata.timestamp() == 0;
    return delete(
        metadata.persistenceId(),
        new SnapshotCriteria(
            metadata.sequenceNr(),
            metadata.sequenceNr(),
            any ? Long.MIN_VALUE : metadata.timestamp(),
            any ? Long.MAX_VALUE : metadata.timestamp()));
  }

  @Override
  public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
    return delete(PersistenceIds.checked(persistenceId), criteria(criteria));
  }

  private Future<Void> delete(String persistenceId, SnapshotCriteria criteria) {
    return Answers.of(
        Stopwatch.start(measurements, Operation.SNAPSHOT_DELETION)
            .stopAfter(storage.delete(PersistenceIds.checked(persistenceId), criteria)));
  }

  private static SnapshotCriteria criteria(SnapshotSelectionCriteria criteria) {
    return new SnapshotCriteria(
        criteria.minSequenceNr(),
        criteria.maxSequenceNr(),
        criteria.minTimestamp(),
        criteria.maxTimestamp());
  }
}
