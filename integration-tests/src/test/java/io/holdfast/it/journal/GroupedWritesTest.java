// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.util.stream.LongStream;
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
      List<Written> written = writeUntilSomeShareARequest(journal, 300, 2);

      assertThat(written).allSatisfy(answer -> assertThat(answer.stored()).hasSize(1));
      assertThat(QueryLog.BATCH_SIZES).allMatch(size -> size > 1 && size <= 10);
      List<Long> all = LongStream.rangeClosed(1, written.size() / STREAMS).boxed().toList();
      for (int stream = 0; stream < STREAMS; stream++) {
        assertThat(journal.replay(id(stream)).sequenceNrs()).isEqualTo(all);
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
      assertThat(writeUntilSomeShareARequest(journal, 20_000, 3))
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
      assertThat(writeAtOnce(journal, 300, 1))
          .allSatisfy(answer -> assertThat(answer.stored()).hasSize(1));
      assertThat(QueryLog.BATCH_SIZES).isEmpty();
    }
  }

  private static JournalSystem start(String settings) {
    return JournalSystem.start(
        CASSANDRA, CASSANDRA.newKeyspaceName(), QueryLog.SETTING + "\n" + settings);
  }

  /** How many of those that are under way together share one depends on the machine. */
  private static List<Written> writeUntilSomeShareARequest(
      JournalSystem journal, int bytes, int least) {
    List<Written> all = new ArrayList<>();
    await()
        .until(
            () -> {
              all.addAll(writeAtOnce(journal, bytes, all.size() / STREAMS + 1));
              return QueryLog.BATCH_SIZES.stream().anyMatch(size -> size >= least);
            });
    return all;
  }

  /** Each stream's writes wait for each other, those of different streams do not. */
  private static List<Written> writeAtOnce(JournalSystem journal, int bytes, int firstSequenceNr) {
    ExecutorService threads = Executors.newFixedThreadPool(STREAMS);
    try {
      List<CompletableFuture<List<Written>>> all =
          IntStream.range(0, STREAMS)
              .mapToObj(
                  stream ->
                      CompletableFuture.supplyAsync(
                          () -> write(journal, stream, bytes, firstSequenceNr), threads))
              .toList();
      return all.stream().flatMap(answers -> answers.join().stream()).toList();
    } finally {
      threads.shutdown();
    }
  }

  private static List<Written> write(
      JournalSystem journal, int stream, int bytes, int firstSequenceNr) {
    List<Written> answers = new ArrayList<>();
    for (int i = 0; i < WRITES; i++) {
      answers.add(
          journal.write(JournalSystem.atomic(id(stream), firstSequenceNr + i, "x".repeat(bytes))));
    }
    return answers;
  }

  private static String id(int stream) {
    return "stream-" + stream;
  }
}
