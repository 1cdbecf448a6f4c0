// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.fence.FenceException.Effect;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What goes together in one row, and what a row that gets no answer does to those that wait. */
class CommitLogTest {
  /** Answers when the test does. */
  private static final class Storage implements LogStorage {
    final List<LogRow> sent = new ArrayList<>();
    final Deque<CompletableFuture<Void>> answers = new ArrayDeque<>();

    @Override
    public CompletionStage<Void> insertLogRow(UUID writer, LogRow row) {
      sent.add(row);
      CompletableFuture<Void> answer = new CompletableFuture<>();
      answers.add(answer);
      return answer;
    }

    @Override
    public CompletionStage<List<LogRow>> readLog(UUID writer, long from) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Long> readLogEnd(UUID writer) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Optional<StoredBatch>> readBatch(
        String persistenceId, long lastSequenceNr) {
      throw new UnsupportedOperationException();
    }
  }

  private final Storage storage = new Storage();
  private final Deque<CompletableFuture<Void>> pauses = new ArrayDeque<>();
  private final List<CompletableFuture<Void>> appended = new ArrayList<>();
  private final CommitLog log =
      new CommitLog(
          storage,
          new UUID(0, 1),
          new FenceClock(
              InstantSource.system(),
              () -> 0,
              time -> {
                CompletableFuture<Void> pause = new CompletableFuture<>();
                pauses.add(pause);
                return pause;
              }),
          new WriterSettings(true, 1, 1, 100, 100));

  private static LogEntry entry(String persistenceId) {
    return new LogEntry(persistenceId, 1, 1, 10, Set.of(), Set.of());
  }

  private CompletableFuture<Void> append(String persistenceId, CompletionStage<Void> fenced) {
    return log.append(entry(persistenceId), fenced).toCompletableFuture();
  }

  private void append(String persistenceId) {
    appended.add(append(persistenceId, completedFuture(null)));
  }

  private void answer() {
    storage.answers.remove().complete(null);
  }

  private void loseAnswer() {
    storage.answers.remove().completeExceptionally(new FenceException("lost", Effect.UNKNOWN));
  }

  @Test
  void acknowledgesWhatIsLoggedAndHasPassedTheFence() {
    CompletableFuture<Void> fenced = new CompletableFuture<>();
    CompletableFuture<Void> first = append("a", fenced);
    answer();
    assertThat(first).isNotDone();
    fenced.complete(null);
    assertThat(first).isCompleted();
    CompletableFuture<Void> second = append("b", completedFuture(null));
    assertThat(second).isNotDone();
    answer();
    assertThat(second).isCompleted();
  }

  @Test
  void gathersWhatComesWhileARowIsOpen() {
    append("a");
    append("b");
    append("c");
    answer();
    assertThat(storage.sent).extracting(row -> row.entries().size()).containsExactly(1, 2);
    assertThat(storage.sent.get(1).settledTo()).isEqualTo(storage.sent.get(1).position());
  }

  @Test
  void publishesWhatWasNotAcknowledgedWithAMarker() {
    CompletableFuture<Void> refused =
        append("a", failedFuture(new FenceException("taken", Effect.UNKNOWN)));
    assertThat(refused).isCompletedExceptionally();
    answer();
    assertThat(storage.sent).hasSize(1);
    pauses.remove().complete(null);
    LogRow marker = storage.sent.get(1);
    assertThat(marker.entries()).isEmpty();
    assertThat(marker.settledTo()).isEqualTo(marker.position());
    assertThat(marker.voided()).isEqualTo(Map.of(LogRow.FIRST_POSITION, Set.of(0)));
    answer();
    assertThat(pauses).isEmpty();
  }

  @Test
  void sendsARowAgainUnchangedAndFailsWhatWaits() {
    CompletableFuture<Void> first = append("a", completedFuture(null));
    CompletableFuture<Void> waiting = append("b", completedFuture(null));
    CompletionStage<Void> adoption = log.adopt(List.of(entry("c")));
    loseAnswer();
    assertThat(first).isCompletedExceptionally();
    assertThat(waiting).isCompletedExceptionally();
    assertThat(adoption.toCompletableFuture()).isCompletedExceptionally();
    pauses.remove().complete(null);
    assertThat(storage.sent).hasSize(2);
    assertThat(storage.sent.get(1)).isSameAs(storage.sent.get(0));
    CompletableFuture<Void> later = append("d", completedFuture(null));
    answer();
    assertThat(storage.sent.get(2).entries()).containsExactly(entry("d"));
    assertThat(storage.sent.get(2).voided()).isEqualTo(Map.of(LogRow.FIRST_POSITION, Set.of(0)));
    answer();
    assertThat(later).isCompleted();
  }

  @Test
  void sendsNothingAgainOnceItIsClosed() {
    append("a");
    loseAnswer();
    log.close();
    pauses.remove().complete(null);
    assertThat(storage.sent).hasSize(1);
  }

  @Test
  void theNextRowWhicheverItIsTellsHowFarAReaderMustHaveCome() {
    UUID other = new UUID(0, 2);
    append("a");
    log.depend(Map.of(other, 3L, new UUID(0, 1), 7L));
    log.depend(Map.of(other, 2L));
    append("b");
    answer();
    answer();
    append("c");
    assertThat(storage.sent)
        .extracting(LogRow::after)
        .containsExactly(Map.of(), Map.of(other, 3L), Map.of());
  }

  @Test
  void adoptionsHaveRowsOfTheirOwn() {
    append("a");
    append("b");
    CompletionStage<Void> adopted = log.adopt(List.of(entry("c"), entry("d")));
    answer();
    assertThat(storage.sent.get(1).adopted()).containsExactly(entry("c"), entry("d"));
    assertThat(storage.sent.get(1).entries()).isEmpty();
    answer();
    assertThat(adopted.toCompletableFuture()).isCompleted();
    assertThat(storage.sent.get(2).entries()).containsExactly(entry("b"));
  }
}
