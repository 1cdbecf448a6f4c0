// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import io.holdfast.testkit.CassandraExtension;
import java.time.InstantSource;

/** What stands between the tests and the journal. */
enum ContenderKind {
  PERSISTENT_ACTOR {
    @Override
    Contender start(
        CassandraExtension cassandra, String keyspace, String settings, InstantSource clock) {
      return PersistentActors.start(cassandra, keyspace, COMMON + settings, clock);
    }
  },
  EVENT_STORE {
    @Override
    Contender start(
        CassandraExtension cassandra, String keyspace, String settings, InstantSource clock) {
      return EventStoreNode.start(cassandra, keyspace, COMMON + settings, clock);
    }
  };

  /** Failures stay failures of one write. */
  private static final String COMMON =
      """
      holdfast.journal.circuit-breaker.max-failures = 1000000
      datastax-java-driver.advanced {
        netty.io-group.size = 1
        session-leak.threshold = 0
      }
      """;

  abstract Contender start(
      CassandraExtension cassandra, String keyspace, String settings, InstantSource clock);
}
