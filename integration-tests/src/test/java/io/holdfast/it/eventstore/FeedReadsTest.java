// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedOffset;
import io.holdfast.it.TestCluster;
import io.holdfast.testkit.CassandraExtension;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * How many requests a reader of the feed sends where many streams are written in turn, and have far
 * more events than a page has room for: events behind the page's end are not read with it.
 */
class FeedReadsTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final int STREAMS = 50;
  private static final int ROUNDS = 40;
  private static final String TEXT = "x".repeat(10_000);

  @Test
  void readsNoMoreThanAPageHasRoomFor() {
    try (TestCluster cluster =
        TestCluster.start(CASSANDRA, CASSANDRA.newKeyspaceName(), 1, QueryLog.SETTING)) {
      EventStore store = cluster.store(0);
      for (int round = 0; round < ROUNDS; round++) {
        IntStream.range(0, STREAMS)
            .<CompletionStage<?>>mapToObj(
                i -> store.append(AppendEventInput.of("s-" + i, NewEvent.of("Told", TEXT))))
            .toList()
            .forEach(stage -> get(stage));
      }
      QueryLog.QUERIES.clear();

      assertThat(
              get(
                  store
                      .readAll(FeedFilter.all(), FeedOffset.beginning())
                      .runWith(
                          Sink.fold(0, (count, event) -> count + 1), cluster.node(0).system())))
          .isEqualTo(STREAMS * ROUNDS);
      // A page of 2 MiB has 200 of these events, of all streams.
      assertThat(
              QueryLog.QUERIES.stream()
                  .filter(query -> query.startsWith("SELECT") && query.contains("json")))
          .hasSizeLessThan(STREAMS * ROUNDS);
    }
  }
}
