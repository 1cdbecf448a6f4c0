// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.it.Seeds;
import io.holdfast.it.SingleTries;
import io.holdfast.it.TestCluster;
import io.holdfast.it.failure.AppendHistory.Outcome;
import io.holdfast.testkit.CassandraExtension;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Batches while the connection to Cassandra is cut, again and again, at random bytes. */
class ConnectionCutTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final int CUTS = 25;
  private static final int PARTITION_SIZE = 100;

  @Test
  void storesEachBatchWholeOrNotAtAllAndAnswersTruly() throws Exception {
    long seed = Seeds.next();
    Random random = new Random(seed);
    String keyspace = CASSANDRA.newKeyspaceName();
    try (TcpProxy proxy = TcpProxy.start(CASSANDRA.contactPoint())) {
      String settings =
          """
          datastax-java-driver {
            basic.contact-points = ["127.0.0.1:%d"]
            advanced.reconnection-policy { class = ConstantReconnectionPolicy, base-delay = 50 ms }
          }
          holdfast.cassandra.partition-size = %d
          holdfast.journal.circuit-breaker.max-failures = 1000000
          """
              .formatted(proxy.port(), PARTITION_SIZE);
      try (TestCluster cluster = TestCluster.start(CASSANDRA, keyspace, 1, settings)) {
        Appenders appenders = Appenders.start(SingleTries.of(cluster.node(0).system()), 6, seed);
        try {
          for (int cut = 1; cut <= CUTS; cut++) {
            int done = cut;
            long acknowledged = appenders.count(Outcome.APPENDED);
            await().until(() -> appenders.count(Outcome.APPENDED) > acknowledged);
            proxy.cutAfter(random.nextInt(60_000));
            await().until(() -> proxy.cuts() == done);
          }
        } finally {
          appenders.stop();
        }
        System.out.println(appenders.histories());
        assertThat(appenders.count(Outcome.UNKNOWN)).isPositive();
        for (AppendHistory history : appenders.histories()) {
          await()
              .until(
                  () ->
                      history.append(SingleTries.of(cluster.node(0).system()), 1)
                          == Outcome.APPENDED);
          history.verify(cluster.node(0));
          history.verifyRows(cluster.node(0), CASSANDRA.session(), keyspace, PARTITION_SIZE);
        }
      }
    }
  }
}
