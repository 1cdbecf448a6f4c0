// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class NodeStarterTest {

  private final Logger logger = (Logger) LoggerFactory.getLogger(NodeStarter.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @BeforeEach
  void listen() {
    logged.start();
    logger.addAppender(logged);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(logged);
  }

  @Test
  void autoTakesAContainerWhereDockerAnswers() {
    assertThat(start(() -> true, NodeStarterTest::container, CassandraSource.AUTO))
        .isEqualTo(CassandraSource.TESTCONTAINERS);
    assertThat(warnings()).isEmpty();
  }

  @Test
  void autoIsEmbeddedWithoutDockerAndDoesNotWarn() {
    assertThat(start(() -> false, NodeStarterTest::container, CassandraSource.AUTO))
        .isEqualTo(CassandraSource.EMBEDDED);
    assertThat(warnings()).isEmpty();
  }

  @Test
  void autoFallsBackWithOneWarningThatSaysWhy() {
    assertThat(start(() -> true, NodeStarterTest::noImage, CassandraSource.AUTO))
        .isEqualTo(CassandraSource.EMBEDDED);
    assertThat(warnings())
        .singleElement()
        .asString()
        .contains("image some:image (no such image: some:image)")
        .contains("embedded");
  }

  @Test
  void autoFallsBackIfDockerAnswersStrangely() {
    BooleanSupplier strange =
        () -> {
          throw new UnsupportedOperationException("too old");
        };

    assertThat(start(strange, NodeStarterTest::container, CassandraSource.AUTO))
        .isEqualTo(CassandraSource.EMBEDDED);
    assertThat(warnings()).singleElement().asString().contains("too old");
  }

  @Test
  void embeddedDoesNotAskForDocker() {
    BooleanSupplier forbidden =
        () -> {
          throw new AssertionError("asked for Docker");
        };

    assertThat(start(forbidden, NodeStarterTest::noImage, CassandraSource.EMBEDDED))
        .isEqualTo(CassandraSource.EMBEDDED);
  }

  @Test
  void demandedContainerFailsWithoutDocker() {
    assertThatThrownBy(
            () -> start(() -> false, NodeStarterTest::container, CassandraSource.TESTCONTAINERS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("holdfast.test.cassandra = testcontainers, but no Docker answers.");
  }

  @Test
  void demandedContainerFailsWithoutImage() {
    assertThatThrownBy(
            () -> start(() -> true, NodeStarterTest::noImage, CassandraSource.TESTCONTAINERS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("image some:image (no such image: some:image)")
        .hasMessageContaining("holdfast.test.cassandra.image")
        .hasRootCauseInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void demandedContainerFailsOnAMachineWithoutDocker() {
    assumeFalse(ContainerNode::isDockerAvailable, "Docker answers here");
    TestSettings settings = new TestSettings(CassandraSource.TESTCONTAINERS, "cassandra:5.0");

    assertThatThrownBy(() -> NodeStarter.create().start(settings))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Start Docker, or set the property to auto or embedded");
  }

  private static CassandraNode container(String image) {
    return new FakeNode(CassandraSource.TESTCONTAINERS);
  }

  private static CassandraNode noImage(String image) {
    throw new IllegalStateException(
        "Container startup failed", new IllegalArgumentException("no such image: " + image));
  }

  private static CassandraSource start(
      BooleanSupplier docker, Function<String, CassandraNode> container, CassandraSource source) {
    NodeStarter starter =
        new NodeStarter(
            docker, image -> {}, container, () -> new FakeNode(CassandraSource.EMBEDDED));
    return starter.start(new TestSettings(source, "some:image")).source();
  }

  private List<String> warnings() {
    return logged.list.stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }
}
