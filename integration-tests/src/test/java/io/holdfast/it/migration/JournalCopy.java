// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.migration;

import static java.util.Objects.requireNonNull;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.uuid.Uuids;
import com.typesafe.config.ConfigFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.JournalProtocol;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.PersistentEnvelope;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotProtocol;
import org.apache.pekko.persistence.journal.Tagged;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Copies events and the latest snapshots from the tables of pekko-persistence-cassandra into
 * Holdfast, through Holdfast's journal: with sequence numbers, tags, manifests, timestamps and
 * metadata. To be run in an actor system that has the application's serializers and Holdfast's
 * configuration, while the application is down.
 *
 * <p>It can be stopped and run again: an id goes on after what Holdfast has of it. Not thread-safe.
 */
public final class JournalCopy {
  private static final int CHUNK = 200;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final CqlSession source;
  private final String journalKeyspace;
  private final String snapshotKeyspace;
  private final long partitionSize;
  private final Serialization serialization;
  private final BlockingQueue<Object> answers = new LinkedBlockingQueue<>();
  private final ActorRef inbox;
  private final ActorRef journal;
  private final ActorRef snapshotStore;

  /**
   * @param journalKeyspace {@code pekko.persistence.cassandra.journal.keyspace}
   * @param snapshotKeyspace {@code pekko.persistence.cassandra.snapshot.keyspace}
   * @param partitionSize {@code pekko.persistence.cassandra.journal.target-partition-size}
   */
  public JournalCopy(
      ActorSystem system,
      CqlSession source,
      String journalKeyspace,
      String snapshotKeyspace,
      long partitionSize) {
    this.source = source;
    this.journalKeyspace = journalKeyspace;
    this.snapshotKeyspace = snapshotKeyspace;
    this.partitionSize = partitionSize;
    this.serialization = SerializationExtension.get(system);
    this.inbox =
        ((ExtendedActorSystem) system)
            .systemActorOf(
                Props.create(Inbox.class, () -> new Inbox(answers)),
                "journal-copy-" + UUID.randomUUID());
    Persistence persistence = Persistence.get(system);
    this.journal = persistence.journalFor("holdfast.journal", ConfigFactory.empty());
    this.snapshotStore =
        persistence.snapshotStoreFor("holdfast.snapshot-store", ConfigFactory.empty());
  }

  /**
   * Copies everything.
   *
   * @param progress hears of each id that is done, and how many of its events were copied
   */
  public void copyAll(BiConsumer<String, Long> progress) throws InterruptedException {
    for (Row row :
        select("SELECT persistence_id FROM %s.all_persistence_ids".formatted(journalKeyspace))) {
      String id = requireNonNull(row.getString(0));
      progress.accept(id, copy(id));
    }
  }

  /** Copies what Holdfast does not have yet of one id; answers how many events that were. */
  public long copy(String id) throws InterruptedException {
    long present = highestSequenceNr(id);
    long last = present;
    long copied = 0;
    List<PersistentEnvelope> chunk = new ArrayList<>();
    int emptyPartitions = 0;
    // A batch that crosses a border lies in the partition of its end.
    for (long partition = present / partitionSize; emptyPartitions < 2; partition++) {
      boolean empty = true;
      for (Row row : events(id, partition)) {
        empty = false;
        PersistentRepr event = event(id, row);
        if (event.sequenceNr() <= present) {
          continue;
        }
        if (event.sequenceNr() <= last) {
          throw new IllegalStateException(
              "'%s' has two events %d, of two writers; delete the wrong one first"
                  .formatted(id, event.sequenceNr()));
        }
        last = event.sequenceNr();
        chunk.add(new AtomicWrite(CollectionConverters.asScala(List.of(event)).toList()));
        copied++;
        if (chunk.size() == CHUNK) {
          write(chunk);
        }
      }
      boolean beforeFirst = last == 0 && partition < deletedTo(id) / partitionSize;
      emptyPartitions = empty && !beforeFirst ? emptyPartitions + 1 : 0;
    }
    write(chunk);
    copySnapshot(id);
    return copied;
  }

  private ResultSet events(String id, long partition) {
    return select(
        ("SELECT sequence_nr, timestamp, writer_uuid, ser_id, ser_manifest, event_manifest, event,"
                + " meta_ser_id, meta_ser_manifest, meta, tags FROM %s.messages"
                + " WHERE persistence_id = ? AND partition_nr = ?")
            .formatted(journalKeyspace),
        id,
        partition);
  }

  private PersistentRepr event(String id, Row row) {
    Object payload = deserialize(row, "event", "ser_id", "ser_manifest");
    Set<String> tags = requireNonNull(row.getSet("tags", String.class));
    PersistentRepr event =
        PersistentRepr.apply(
                tags.isEmpty() ? payload : new Tagged(payload, tags),
                row.getLong("sequence_nr"),
                id,
                text(row, "event_manifest"),
                false,
                ActorRef.noSender(),
                text(row, "writer_uuid"))
            .withTimestamp(Uuids.unixTimestamp(requireNonNull(row.getUuid("timestamp"))));
    return row.isNull("meta")
        ? event
        : event.withMetadata(deserialize(row, "meta", "meta_ser_id", "meta_ser_manifest"));
  }

  private void write(List<PersistentEnvelope> chunk) throws InterruptedException {
    if (chunk.isEmpty()) {
      return;
    }
    journal.tell(
        new JournalProtocol.WriteMessages(CollectionConverters.asScala(chunk).toList(), inbox, 0),
        inbox);
    expect(JournalProtocol.WriteMessagesSuccessful$.class);
    for (int i = 0; i < chunk.size(); i++) {
      expect(JournalProtocol.WriteMessageSuccess.class);
    }
    chunk.clear();
  }

  private void copySnapshot(String id) throws InterruptedException {
    Row latest =
        select(
                ("SELECT sequence_nr, ser_id, ser_manifest, snapshot_data, meta_ser_id,"
                        + " meta_ser_manifest, meta FROM %s.snapshots"
                        + " WHERE persistence_id = ? ORDER BY sequence_nr DESC LIMIT 1")
                    .formatted(snapshotKeyspace),
                id)
            .one();
    if (latest == null) {
      return;
    }
    SnapshotMetadata metadata = SnapshotMetadata.apply(id, latest.getLong("sequence_nr"));
    snapshotStore.tell(
        new SnapshotProtocol.SaveSnapshot(
            latest.isNull("meta")
                ? metadata
                : metadata.withMetadata(
                    deserialize(latest, "meta", "meta_ser_id", "meta_ser_manifest")),
            deserialize(latest, "snapshot_data", "ser_id", "ser_manifest")),
        inbox);
    expect(SaveSnapshotSuccess.class);
  }

  private long highestSequenceNr(String id) throws InterruptedException {
    journal.tell(new JournalProtocol.ReplayMessages(1, 0, 0, id, inbox), inbox);
    return expect(JournalProtocol.RecoverySuccess.class).highestSequenceNr();
  }

  private long deletedTo(String id) {
    Row row =
        select(
                "SELECT deleted_to FROM %s.metadata WHERE persistence_id = ?"
                    .formatted(journalKeyspace),
                id)
            .one();
    return row == null ? 0 : row.getLong(0);
  }

  private Object deserialize(Row row, String column, String serializer, String manifest) {
    ByteBuffer bytes = requireNonNull(row.getByteBuffer(column));
    byte[] array = new byte[bytes.remaining()];
    bytes.get(array);
    return serialization.deserialize(array, row.getInt(serializer), text(row, manifest)).get();
  }

  private static String text(Row row, String column) {
    String text = row.getString(column);
    return text == null ? "" : text;
  }

  private ResultSet select(String cql, Object... values) {
    return source.execute(
        SimpleStatement.newInstance(cql, values)
            .setConsistencyLevel(DefaultConsistencyLevel.LOCAL_QUORUM)
            .setTimeout(TIMEOUT));
  }

  private <T> T expect(Class<T> type) throws InterruptedException {
    Object answer = answers.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    if (!type.isInstance(answer)) {
      throw new IllegalStateException(
          "expected %s, but the journal said %s".formatted(type.getSimpleName(), answer));
    }
    return type.cast(answer);
  }

  /** Collects what the journal answers. */
  private static final class Inbox extends AbstractActor {
    private final BlockingQueue<Object> answers;

    Inbox(BlockingQueue<Object> answers) {
      this.answers = answers;
    }

    @Override
    public Receive createReceive() {
      return receiveBuilder().matchAny(answers::add).build();
    }
  }
}
