// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.fence.FenceException.Effect;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What goes together in one row, and what a row that gets no answer does to those that wait. */
class CommitLogTest {
  /** Answers when the test does. */
  private static final class Storage implements LogStorage {
    final List<LogRow> sent = new ArrayList<>();
    final Deque<CompletableFuture<Void>> answers = new ArrayDeque<>();
    final List<RegisteredWriter> writers = new ArrayList<>();
    final Map<Long, Long> retired = new TreeMap<>();
    CompletableFuture<Long> registered = completedFuture(7L);
    int beats;
    boolean isListed = true;

    @Override
    public CompletionStage<UUID> enter(UUID writer, long number, Instant now) {
      return registered.thenApply(mine -> number < mine ? new UUID(9, number) : writer);
    }

    @Override
    public CompletionStage<Boolean> beat(UUID writer, long number, Instant now) {
      beats++;
      return completedFuture(isListed);
    }

    @Override
    public CompletionStage<Boolean> retire(UUID writer, long number, long end, Instant now) {
      if (isListed) {
        retired.put(number, end);
      }
      return completedFuture(isListed);
    }

    @Override
    public CompletionStage<List<RegisteredWriter>> readWriters(long from) {
      return completedFuture(
          writers.stream().filter(writer -> writer.number() >= from).limit(1).toList());
    }

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
      return completedFuture(42L);
    }

    @Override
    public CompletionStage<Optional<StoredBatch>> readBatch(
        String persistenceId, long lastSequenceNr) {
      throw new UnsupportedOperationException();
    }
  }

  private final Storage storage = new Storage();
  private final AtomicLong time = new AtomicLong();
  private final Deque<CompletableFuture<Void>> pauses = new ArrayDeque<>();
  private final List<CompletableFuture<Void>> appended = new ArrayList<>();
  private final CommitLog log = log(1);

  private CommitLog log(int maxOpenRows) {
    return new CommitLog(
        storage,
        new UUID(0, 1),
        new FenceClock(
            () -> Instant.EPOCH.plusNanos(time.get()),
            time::get,
            pausing -> {
              CompletableFuture<Void> pause = new CompletableFuture<>();
              pauses.add(pause);
              return pause;
            }),
        new WriterSettings(true, 1, maxOpenRows, 100, 100),
        FenceListener.NONE);
  }

  private static LogEntry entry(String persistenceId) {
    return new LogEntry(persistenceId, 1, 1, 10, Set.of(), Set.of());
  }

  /** Of a batch with one tag of some length. */
  private static LogEntry tagged(String persistenceId, int characters) {
    return new LogEntry(persistenceId, 1, 1, 10, Set.of(), Set.of("x".repeat(characters)));
  }

  private CompletableFuture<Void> append(String persistenceId, CompletionStage<Void> fenced) {
    return append(log, entry(persistenceId), fenced);
  }

  private static CompletableFuture<Void> append(
      CommitLog log, LogEntry entry, CompletionStage<Void> fenced) {
    return log.append(entry, fenced).toCompletableFuture();
  }

  private void append(String persistenceId) {
    appended.add(append(persistenceId, completedFuture(null)));
  }

  private void answer() {
    storage.answers.remove().complete(null);
  }

  private void refuse() {
    storage.answers.remove().completeExceptionally(new FenceException("too large", Effect.NONE));
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
  void leavesNobodyWithoutAnAnswerOnceItIsClosed() {
    append("a");
    log.close();
    loseAnswer();
    append("b");
    CompletionStage<Void> adopted = log.adopt(List.of(entry("c")));
    CompletableFuture<Void> ended = log.end().toCompletableFuture();
    pauses.remove().complete(null);
    assertThat(appended).allSatisfy(one -> assertThat(one).isCompletedExceptionally());
    assertThat(adopted.toCompletableFuture()).isCompletedExceptionally();
    assertThat(ended).isCompletedExceptionally();
    assertThat(append("d", completedFuture(null))).isCompletedExceptionally();
    assertThat(log.adopt(List.of(entry("e"))).toCompletableFuture()).isCompletedExceptionally();
    assertThat(log.end().toCompletableFuture()).isCompletedExceptionally();
    assertThat(storage.sent).hasSize(1);
    assertThat(storage.retired).isEmpty();
  }

  @Test
  void endsWhatIsUnderWayWhenItIsClosed() {
    append("a");
    append("b");
    log.close();
    answer();
    answer();
    assertThat(appended).allSatisfy(one -> assertThat(one).isCompleted());
  }

  @Test
  void aRowThatWasRefusedFailsItsBatchesAndNoOthers() {
    CommitLog log = log(2);
    UUID other = new UUID(0, 2);
    log.depend(Map.of(other, 3L));
    CompletableFuture<Void> refused = append(log, entry("a"), completedFuture(null));
    CompletableFuture<Void> next = append(log, entry("b"), completedFuture(null));
    CompletableFuture<Void> waiting = append(log, entry("c"), completedFuture(null));

    refuse();

    assertThatThrownBy(refused::join)
        .hasCauseInstanceOf(FenceException.class)
        .extracting(e -> ((FenceException) FenceException.causeOf(e)).effect())
        .isEqualTo(Effect.UNKNOWN);
    assertThat(next).isNotDone();
    assertThat(waiting).isNotDone();
    LogRow instead = storage.sent.get(2);
    assertThat(instead.position()).isEqualTo(LogRow.FIRST_POSITION);
    assertThat(instead.entries()).isEmpty();
    assertThat(instead.after()).isEqualTo(Map.of(other, 3L));
    answer();
    answer();
    assertThat(next).isCompleted();
    answer();
    assertThat(waiting).isCompleted();
    assertThat(storage.sent)
        .extracting(LogRow::voided)
        .allSatisfy(voided -> assertThat(voided).isEmpty());
  }

  @Test
  void anAdoptionThatWasRefusedFails() {
    CompletableFuture<Void> adopted = log.adopt(List.of(entry("a"))).toCompletableFuture();
    refuse();
    assertThat(adopted).isCompletedExceptionally();
    assertThat(storage.sent.get(1).adopted()).isEmpty();
    assertThat(storage.sent.get(1).position()).isEqualTo(LogRow.FIRST_POSITION);
    append("b");
    answer();
    answer();
    assertThat(appended.get(0)).isCompleted();
  }

  /** The first attempt may have been stored, and a reader may have read it. */
  @Test
  void aRowThatIsPerhapsStoredIsNeverReplaced() {
    append("a");
    loseAnswer();
    pauses.remove().complete(null);
    refuse();
    pauses.remove().complete(null);
    assertThat(storage.sent).hasSize(3);
    assertThat(storage.sent.get(2)).isSameAs(storage.sent.get(0));
  }

  @Test
  void sendsAnEmptyRowAgainUntilItIsStored() {
    append("a");
    refuse();
    append("b");
    refuse();
    assertThat(appended).allSatisfy(one -> assertThat(one).isCompletedExceptionally());
    assertThat(storage.sent).hasSize(2);
    pauses.remove().complete(null);
    assertThat(storage.sent.get(2)).isSameAs(storage.sent.get(1));
    append("c");
    answer();
    answer();
    assertThat(appended.get(2)).isCompleted();
  }

  @Test
  void boundsTheBytesOfARow() {
    append("a");
    int third = CommitLog.MAX_BYTES / 3;
    List<CompletableFuture<Void>> large = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      large.add(append(log, tagged("b" + i, third), completedFuture(null)));
    }
    large.add(append(log, tagged("c", 2 * CommitLog.MAX_BYTES), completedFuture(null)));
    append("d");
    while (!storage.answers.isEmpty()) {
      answer();
    }
    assertThat(storage.sent).extracting(row -> row.entries().size()).containsExactly(1, 2, 2, 1, 1);
    assertThat(large).allSatisfy(one -> assertThat(one).isCompleted());
  }

  @Test
  void logsAnAdoptionOfManyBatchesInSeveralRows() {
    int half = CommitLog.MAX_BYTES / 2;
    CompletableFuture<Void> adopted =
        log.adopt(List.of(tagged("a", half), tagged("a", half - 200), tagged("a", half)))
            .toCompletableFuture();
    append("b");
    answer();
    assertThat(adopted).isNotDone();
    answer();
    answer();
    assertThat(adopted).isCompleted();
    assertThat(storage.sent).extracting(row -> row.adopted().size()).containsExactly(2, 0, 1);
  }

  /** A reader that was told of the second part alone would take it for the stream. */
  @Test
  void logsNothingOfAnAdoptionBehindAPartThatFailed() {
    int size = CommitLog.MAX_BYTES;
    CompletableFuture<Void> adopted =
        log.adopt(List.of(tagged("a", size), tagged("a", size))).toCompletableFuture();
    refuse();
    answer();
    assertThat(adopted).isCompletedExceptionally();
    assertThat(storage.sent).extracting(row -> row.adopted().size()).containsExactly(1, 0);
  }

  @Test
  void nothingIsLoggedBeforeAllThatIsToBeReadBeforeItIsNamed() {
    append("a");
    Map<UUID, Long> others = new TreeMap<>();
    for (int i = 0; i <= 2 * CommitLog.MAX_AFTER; i++) {
      others.put(new UUID(1, i), 5L);
    }
    log.depend(others);
    append("b");
    while (!storage.answers.isEmpty()) {
      answer();
    }
    assertThat(storage.sent).extracting(row -> row.entries().size()).containsExactly(1, 0, 0, 1);
    Map<UUID, Long> named = new TreeMap<>();
    storage.sent.forEach(row -> named.putAll(row.after()));
    assertThat(named).isEqualTo(others);
    assertThat(storage.sent)
        .allSatisfy(row -> assertThat(row.after()).hasSizeLessThanOrEqualTo(CommitLog.MAX_AFTER));
    assertThat(appended.get(1)).isCompleted();
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

  @Test
  void logsNothingBeforeReadersCanFindTheLog() {
    storage.registered = new CompletableFuture<>();
    append("a");
    assertThat(storage.sent).isEmpty();
    storage.registered.complete(7L);
    assertThat(storage.sent).hasSize(1);
  }

  @Test
  void registersAgainAfterAFailure() {
    storage.registered = failedFuture(new FenceException("lost", Effect.UNKNOWN));
    append("a");
    assertThat(appended.get(0)).isCompletedExceptionally();
    storage.registered = completedFuture(7L);
    pauses.remove().complete(null);
    assertThat(storage.sent).hasSize(1);
  }

  @Test
  void endsWithTheMarker() {
    append("a");
    CompletableFuture<Void> ended = log.end().toCompletableFuture();
    answer();
    assertThat(appended.get(0)).isCompleted();
    assertThat(storage.retired).isEmpty();
    pauses.remove().complete(null);
    answer();
    assertThat(ended).isCompleted();
    assertThat(storage.retired).containsExactly(Map.entry(7L, 3L));
    assertThat(append("b", completedFuture(null))).isCompletedExceptionally();
    assertThat(storage.sent).hasSize(2);
  }

  @Test
  void aLogThatWasNeverBegunEndsAtOnce() {
    assertThat(log.end().toCompletableFuture()).isCompleted();
    assertThat(storage.retired).isEmpty();
  }

  @Test
  void logsNothingAfterADayOfSilence() {
    append("a");
    answer();
    time.addAndGet(Duration.ofHours(23).toNanos());
    assertThat(log.maintain().toCompletableFuture()).isCompleted();
    assertThat(storage.beats).isEqualTo(1);
    time.addAndGet(Duration.ofHours(23).toNanos());
    assertThat(log.isExpired()).isFalse();
    append("b");
    assertThat(storage.sent).hasSize(2);
    answer();
    time.addAndGet(Duration.ofHours(2).toNanos());
    assertThat(log.isExpired()).isTrue();
    append("c");
    assertThat(storage.sent).hasSize(2);
    assertThat(appended.get(2)).isCompletedExceptionally();
    assertThat(log.maintain().toCompletableFuture()).isCompleted();
    assertThat(storage.beats).isEqualTo(1);
  }

  @Test
  void retiresWritersThatHaveNotBeenHeardOfForDays() {
    append("a");
    Instant now = Instant.EPOCH.plus(Duration.ofDays(10));
    storage.writers.add(writer(1, now.minus(Duration.ofDays(4)), OptionalLong.empty()));
    storage.writers.add(writer(2, now.minus(Duration.ofDays(2)), OptionalLong.empty()));
    storage.writers.add(writer(3, now.minus(Duration.ofDays(9)), OptionalLong.of(5)));
    storage.writers.add(writer(4, now.minus(Duration.ofDays(9)), OptionalLong.empty()));
    time.set(Duration.ofDays(10).toNanos());
    assertThat(log.maintain().toCompletableFuture()).isCompleted();
    assertThat(storage.retired).containsExactly(Map.entry(1L, 42L), Map.entry(4L, 42L));
  }

  @Test
  void logsNothingMoreBeforeItsDeletedEntryIsMadeAgain() {
    append("a");
    answer();
    storage.isListed = false;
    storage.registered = new CompletableFuture<>();
    time.addAndGet(Duration.ofMinutes(2).toNanos());
    CompletableFuture<Void> maintained = log.maintain().toCompletableFuture();
    append("b");
    assertThat(storage.sent).hasSize(1);
    storage.registered.complete(9L);
    assertThat(maintained).isCompleted();
    assertThat(storage.sent).hasSize(2);
    storage.isListed = true;
    assertThat(log.isExpired()).isFalse();
  }

  @Test
  void registersAgainToEndALogWhoseEntryWasDeleted() {
    append("a");
    answer();
    pauses.remove().complete(null);
    answer();
    storage.isListed = false;
    storage.registered = new CompletableFuture<>();
    CompletableFuture<Void> ended = log.end().toCompletableFuture();
    assertThat(storage.retired).isEmpty();
    storage.isListed = true;
    storage.registered.complete(9L);
    assertThat(ended).isCompleted();
    assertThat(storage.retired).containsExactly(Map.entry(9L, 3L));
  }

  private static RegisteredWriter writer(long number, Instant lastHeartbeat, OptionalLong end) {
    return new RegisteredWriter(number, new UUID(0, 100 + number), lastHeartbeat, end);
  }
}
