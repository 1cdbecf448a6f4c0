// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.apache.pekko.persistence.cassandra.query.javadsl.CassandraReadJournal;
import org.apache.pekko.persistence.query.PersistenceQuery;

/**
 * The peer: pekko-persistence-cassandra with its default configuration.
 *
 * <p>All that is set is where Cassandra is, that the tables be created, and what its manual asks to
 * be set: the time of the first event, without which a query from the beginning first looks for
 * events in each hour since 2015.
 */
final class PeerSubject implements Subject {
  private static final DateTimeFormatter BUCKET = DateTimeFormatter.ofPattern("yyyyMMdd'T'HH:mm");

  private final WriterSystem system;
  private final ActorSubject actors;
  private final TaggedJournal taggedJournal;

  private PeerSubject(WriterSystem system) {
    this.system = system;
    CassandraReadJournal queries =
        PersistenceQuery.get(system.system())
            .getReadJournalFor(CassandraReadJournal.class, CassandraReadJournal.Identifier());
    actors = new ActorSubject(system, queries);
    taggedJournal =
        TaggedJournal.of(
            "peer",
            system,
            TagQueries.of(system, queries, time -> queries.timeBasedUUIDFrom(time.toEpochMilli())));
  }

  static PeerSubject start(Contact cassandra, String keyspace) {
    return new PeerSubject(
        WriterSystem.start(
            cassandra,
            "peer",
            """
            pekko.persistence.journal.plugin = "pekko.persistence.cassandra.journal"
            pekko.persistence.cassandra {
              journal {
                keyspace = "%s"
                keyspace-autocreate = true
                tables-autocreate = true
              }
              events-by-tag.first-time-bucket = "%s"
            }
            """
                .formatted(keyspace, BUCKET.format(ZonedDateTime.now(ZoneOffset.UTC)))));
  }

  @Override
  public void prepare(Load load) throws Exception {
    actors.prepare(load);
  }

  @Override
  public Figures measure(Load load, Duration window) throws Exception {
    return actors.measure(load, window);
  }

  @Override
  public TaggedJournal taggedJournal() {
    return taggedJournal;
  }

  @Override
  public void close() {
    system.close();
  }
}
