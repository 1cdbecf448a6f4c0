// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import io.holdfast.embedded.EmbeddedCassandra;
import io.holdfast.feed.FeedOffset;
import io.holdfast.query.HoldfastReadJournal;
import java.util.List;
import org.apache.pekko.persistence.query.PersistenceQuery;

/** A node of Holdfast: an actor system in this JVM. */
final class HoldfastNode {
  private HoldfastNode() {}

  static Contact contact(EmbeddedCassandra cassandra) {
    return new Contact(
        cassandra.contactPoint().getAddress().getHostAddress(),
        cassandra.contactPoint().getPort(),
        cassandra.datacenter(),
        List.of(cassandra.pid()));
  }

  /**
   * Starts one.
   *
   * @param keyspace nodes of one keyspace are of one cluster
   * @param settings on top of the defaults
   */
  static WriterSystem start(Contact cassandra, String keyspace, String settings) {
    return WriterSystem.start(
        cassandra,
        keyspace,
        """
        holdfast.cassandra.keyspace = "%s"
        pekko.persistence.journal.plugin = "holdfast.journal"
        """
                .formatted(keyspace)
            + settings);
  }

  /** Persistent actors on a node that is started for them. */
  static ActorSubject actors(Contact cassandra, String keyspace, String settings) {
    WriterSystem node = start(cassandra, keyspace, settings);
    return new ActorSubject(node, readJournal(node));
  }

  static TagQueries queries(WriterSystem node) {
    return TagQueries.of(node, readJournal(node), FeedOffset::since);
  }

  private static HoldfastReadJournal readJournal(WriterSystem node) {
    return PersistenceQuery.get(node.system())
        .getReadJournalFor(HoldfastReadJournal.class, HoldfastReadJournal.IDENTIFIER);
  }
}
