// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.holdfast.it.eventstore.QueryLog;
import io.holdfast.it.journal.JournalSystem.Written;
import io.holdfast.testkit.CassandraExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** Writes of different streams at the same time share requests, and nothing else. */
class GroupedWritesTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final int STREAMS = 60;
  private static final int WRITES = 5;

  @Test
  void shareRequestsBelowTheSizesThatCassandraWarnsOf() {
    ListAppender<ILoggingEvent> warnings = new ListAppender<>();
    Logger driver = (Logger) LoggerFactory.getLogger("com.datastax.oss.driver");
    warnings.start();
    driver.addAppender(warnings);
    QueryLog.BATCH_SIZES.clear();
    try (JournalSystem journal = start("")) {
      List<Written> written = writeAtOnce(journal, 300);

      assertThat(written).allSatisfy(answer -> assertThat(answer.stored()).hasSize(1));
      assertThat(QueryLog.BATCH_SIZES).isNotEmpty().allMatch(size -> size > 1 && size <= 10);
      for (int stream = 0; stream < STREAMS; stream++) {
        assertThat(journal.replay(id(stream)).sequenceNrs()).containsExactly(1L, 2L, 3L, 4L, 5L);
      }
    } finally {
      driver.detachAppender(warnings);
    }
    assertThat(warnings.list)
        .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        .extracting(ILoggingEvent::getFormattedMessage)
        .noneMatch(message -> message.contains("server side warning"));
  }

  @Test
  void areEachSentAloneWhereCassandraRefusesThemTogether() {
    QueryLog.BATCH_SIZES.clear();
    // Cassandra takes no request for several partitions that is above 50 KiB.
    try (JournalSystem journal = start("holdfast.cassandra.write-groups.max-bytes = 1 MiB")) {
      List<Written> written = writeAtOnce(journal, 20_000);

      assertThat(QueryLog.BATCH_SIZES).anyMatch(size -> size > 2);
      assertThat(written)
          .allSatisfy(
              answer -> {
                assertThat(answer.failure()).isNull();
                assertThat(answer.stored()).hasSize(1);
              });
    }
  }

  @Test
  void goAloneWhereGroupsAreTurnedOff() {
    QueryLog.BATCH_SIZES.clear();
    try (JournalSystem journal = start("holdfast.cassandra.write-groups.max-streams = 1")) {
      assertThat(writeAtOnce(journal, 300))
          .allSatisfy(answer -> assertThat(answer.stored()).hasSize(1));
      assertThat(QueryLog.BATCH_SIZES).isEmpty();
    }
  }

  private static JournalSystem start(String settings) {
    return JournalSystem.start(
        CASSANDRA, CASSANDRA.newKeyspaceName(), QueryLog.SETTING + "\n" + settings);
  }

  /** Each stream's writes wait for each other, those of different streams do not. */
  private static List<Written> writeAtOnce(JournalSystem journal, int bytes) {
    ExecutorService threads = Executors.newFixedThreadPool(STREAMS);
    try {
      List<CompletableFuture<List<Written>>> all =
          IntStream.range(0, STREAMS)
              .mapToObj(
                  stream ->
                      CompletableFuture.supplyAsync(() -> write(journal, stream, bytes), threads))
              .toList();
      return all.stream().flatMap(answers -> answers.join().stream()).toList();
    } finally {
      threads.shutdown();
    }
  }

  private static List<Written> write(JournalSystem journal, int stream, int bytes) {
    List<Written> answers = new ArrayList<>();
    for (int sequenceNr = 1; sequenceNr <= WRITES; sequenceNr++) {
      answers.add(journal.write(JournalSystem.atomic(id(stream), sequenceNr, "x".repeat(bytes))));
    }
    return answers;
  }

  private static String id(int stream) {
    return "stream-" + stream;
  }
}
