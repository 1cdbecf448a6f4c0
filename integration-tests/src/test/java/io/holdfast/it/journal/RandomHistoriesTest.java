// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import io.holdfast.it.Seeds;
import io.holdfast.testkit.CassandraExtension;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Random histories of persistent actors on tiny partitions, on two actor systems that restart,
 * crash and take the actors from each other, against a model of what must be recovered. {@code
 * -Dholdfast.test.seeds=100} tries as many seeds.
 */
class RandomHistoriesTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final int SEEDS = Integer.getInteger("holdfast.test.seeds", 3);

  @Test
  void recoversWhatTheModelSays() {
    long first = Seeds.next();
    String keyspace = CASSANDRA.newKeyspaceName();
    Instant start = Instant.now();
    CrashableSystem[] systems = {start(keyspace), start(keyspace)};
    try {
      for (long seed = first; seed < first + SEEDS; seed++) {
        try {
          new RandomHistory(systems, seed).run();
          System.out.println("passed with seed " + seed);
        } catch (AssertionError | RuntimeException e) {
          throw new AssertionError("failed with -Dholdfast.test.seed=" + seed, e);
        }
      }
    } finally {
      systems[0].close();
      systems[1].close();
    }
    System.out.println(
        "%d seeds in %d s".formatted(SEEDS, Duration.between(start, Instant.now()).toSeconds()));
  }

  private static CrashableSystem start(String keyspace) {
    return CrashableSystem.start(
        CASSANDRA,
        keyspace,
        """
        holdfast.cassandra.partition-size = %d
        holdfast.journal { replay-page-size = 2, max-remembered-streams = 2 }
        """
            .formatted(RandomHistory.PARTITION_SIZE));
  }
}
