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

  /** Nothing times out while a test holds a system up, and failures stay failures of one write. */
  private static final String COMMON =
      """
      holdfast.journal {
        recovery-event-timeout = 120 s
        circuit-breaker { max-failures = 1000000, call-timeout = 120 s }
      }
      holdfast.event-store { append-timeout = 120 s, read-timeout = 120 s }
      datastax-java-driver.advanced {
        netty.io-group.size = 1
        session-leak.threshold = 0
      }
      """;

  abstract Contender start(
      CassandraExtension cassandra, String keyspace, String settings, InstantSource clock);
}
