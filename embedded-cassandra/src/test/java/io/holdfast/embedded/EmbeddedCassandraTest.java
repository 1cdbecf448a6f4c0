// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.holdfast.embedded.EmbeddedCassandraException.Reason;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class EmbeddedCassandraTest {

  private static final String QUERY = "SELECT release_version FROM system.local";

  private static EmbeddedCassandra node;

  @BeforeAll
  static void start() {
    node = EmbeddedCassandra.builder().heap("512m").datacenter("cellar").disposable().start();
  }

  @AfterAll
  static void close() {
    node.close();
  }

  @Test
  void answersAsSoonAsItIsStarted() {
    try (CqlSession session = Cql.connect(node)) {
      assertThat(session.execute(QUERY).one().getString(0)).startsWith("5.0");
      assertThat(session.execute("SELECT data_center FROM system.local").one().getString(0))
          .isEqualTo("cellar");
    }
    assertThat(node.contactPoint().getAddress().getHostAddress()).isEqualTo("127.0.0.1");
    assertThat(node.logFile()).isRegularFile();
  }

  @Test
  void runsWithoutTheClassPathAndEnvironmentOfItsParent() {
    String command =
        ProcessHandle.of(node.pid()).orElseThrow().info().commandLine().orElse("unknown");
    assertThat(command).doesNotContain("junit").doesNotContain("java-driver-core");
  }

  @Test
  void pausedNodeDoesNotAnswerUntilResumed() {
    SimpleStatement impatient =
        SimpleStatement.newInstance(QUERY).setTimeout(Duration.ofSeconds(1));
    try (CqlSession session = Cql.connect(node)) {
      node.pause();
      try {
        assertThat(node.isRunning()).isTrue();
        assertThatThrownBy(() -> session.execute(impatient))
            .isInstanceOf(DriverTimeoutException.class);
      } finally {
        node.resume();
      }
      await()
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(session.execute(impatient).one()).isNotNull());
    }
  }

  @Test
  void secondNodeLivesBesideTheFirstUntilItDiesWhichIsReported() {
    Path folder;
    ListAppender<ILoggingEvent> reports = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger(EmbeddedCassandra.class);
    logger.addAppender(reports);
    reports.start();
    try (EmbeddedCassandra other =
        EmbeddedCassandra.builder().address("127.0.0.77").heap("512m").disposable().start()) {
      folder = other.dataFolder();
      try (CqlSession first = Cql.connect(node);
          CqlSession second = Cql.connect(other)) {
        assertThat(first.execute(QUERY).one()).isNotNull();
        assertThat(second.execute(QUERY).one()).isNotNull();
        assertThat(second.execute("SELECT peer FROM system.peers").all()).isEmpty();
      }
      long pid = other.pid();
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();

      await().until(() -> !other.isRunning());
      await()
          .untilAsserted(
              () ->
                  assertThat(reports.list)
                      .extracting(ILoggingEvent::getFormattedMessage)
                      .anySatisfy(
                          report ->
                              assertThat(report)
                                  .contains("127.0.0.77", "ended by itself with status 137")
                                  .contains("End of its log")));
      assertThat(ProcessHandle.of(pid)).isEmpty();
      assertThatThrownBy(other::pause)
          .isInstanceOfSatisfying(
              EmbeddedCassandraException.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_STATE));
    }
    logger.detachAppender(reports);
    assertThat(folder).doesNotExist();
  }

  @Test
  void disposableNodeDoesNotStartAgainAndRunsOn() {
    assertThatThrownBy(node::restart)
        .isInstanceOfSatisfying(
            EmbeddedCassandraException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_STATE))
        .hasMessageContaining("disposable");
    assertThat(node.isRunning()).isTrue();
  }

  @Test
  void refusesAnOccupiedPortWithItsNumber() {
    int port = node.contactPoint().getPort();
    assertThatThrownBy(() -> EmbeddedCassandra.builder().cqlPort(port).start())
        .isInstanceOfSatisfying(
            EmbeddedCassandraException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.ADDRESS_IN_USE))
        .hasMessageContaining("Port " + port + " of 127.0.0.1 is in use");
  }

  @Test
  void refusesADataFolderInUse() {
    Path folder = node.dataFolder();
    assertThatThrownBy(() -> EmbeddedCassandra.builder().dataFolder(folder).start())
        .isInstanceOfSatisfying(
            EmbeddedCassandraException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.FOLDER_IN_USE))
        .hasMessageContaining(folder.toString());
    assertThat(node.isRunning()).isTrue();
  }
}
