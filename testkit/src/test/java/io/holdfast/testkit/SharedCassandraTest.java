// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharedCassandraTest {

  private static final TestSettings EMBEDDED =
      new TestSettings(CassandraSource.EMBEDDED, "cassandra:5.0");
  private static final TestSettings CONTAINER =
      new TestSettings(CassandraSource.TESTCONTAINERS, "cassandra:5.0");

  private final List<FakeNode> started = new CopyOnWriteArrayList<>();
  private final SharedCassandra shared =
      new SharedCassandra(
          settings -> {
            FakeNode node = new FakeNode(settings.source());
            started.add(node);
            return node;
          });

  @Test
  void startsOneNodeForAll() {
    shared.configure(EMBEDDED);
    assertThat(started).isEmpty();

    IntStream.range(0, 100).parallel().forEach(index -> shared.node());

    assertThat(started).hasSize(1);
  }

  @Test
  void remembersWhyItCouldNotStart() {
    SharedCassandra broken =
        new SharedCassandra(
            settings -> {
              started.add(new FakeNode(settings.source()));
              throw new IllegalArgumentException("no luck");
            });
    broken.configure(EMBEDDED);

    assertThatThrownBy(broken::node).hasMessage("no luck");
    assertThatThrownBy(broken::session)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The tests' Cassandra could not be started before: no luck")
        .hasCauseInstanceOf(IllegalArgumentException.class);
    assertThat(started).hasSize(1);
  }

  @Test
  void saysThatItsNodeHasDied() {
    shared.configure(EMBEDDED);
    shared.node();
    started.get(0).running().set(false);

    assertThatThrownBy(shared::session)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has died");
    assertThat(started).hasSize(1);
  }

  @Test
  void refusesADemandThatComesAfterANodeFromElsewhere() {
    shared.configure(EMBEDDED);
    shared.node();

    shared.configure(new TestSettings(CassandraSource.AUTO, "cassandra:5.0"));
    shared.configure(EMBEDDED);
    assertThatThrownBy(() -> shared.configure(CONTAINER))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("holdfast.test.cassandra = testcontainers comes too late")
        .hasMessageContaining("source: embedded");
  }
}
