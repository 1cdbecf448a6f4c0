// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.holdfast.cassandra.ReadBudget.Holder;
import io.holdfast.cassandra.ReadBudget.Share;
import io.holdfast.fence.FenceException;
import io.holdfast.test.Patience;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ReadBudgetTest {
  private static final long MAX = 1_000;
  private static final Duration LONG = Duration.ofHours(1);

  private final ReadBudget budget = budget(10, LONG);

  private static ReadBudget budget(int maxWaiting, Duration timeout) {
    return new ReadBudget(
        "store.cassandra", new ReadBudget.Limits(MAX, maxWaiting, timeout), Runnable::run);
  }

  private Share node() {
    return budget.open(Holder.NODE, null, "read this");
  }

  private Share check() {
    return budget.open(Holder.CHECK, null, "read a row");
  }

  private Share consumer() {
    return budget.open(Holder.CONSUMER, null, "read that");
  }

  private static CompletableFuture<Long> acquire(Share share, long bytes) {
    return share.acquire(bytes, bytes).toCompletableFuture();
  }

  private static void hold(Share share, long bytes) {
    assertThat(acquire(share, bytes)).isCompletedWithValue(bytes);
  }

  private static Throwable failure(CompletableFuture<Long> refused) {
    return refused.handle((granted, failure) -> failure).join();
  }

  @Test
  void holdsWhatArrivedInPlaceOfWhatWasReserved() {
    Share share = node();
    assertThat(acquire(share, 900)).isCompletedWithValue(900L);
    share.correct(900, 20);
    assertThat(budget.heldBytes()).isEqualTo(20);
    share.giveBack(20);
    assertThat(budget.heldBytes()).isZero();
  }

  @Test
  void letsReadsInInTheOrderInWhichTheyCame() {
    Share first = node();
    hold(first, 900);
    CompletableFuture<Long> large = acquire(node(), 500);
    CompletableFuture<Long> small = acquire(node(), 50);
    assertThat(large).isNotDone();
    assertThat(small).isNotDone();
    first.close();
    assertThat(large).isCompletedWithValue(500L);
    assertThat(small).isCompletedWithValue(50L);
    assertThat(budget.heldBytes()).isEqualTo(550);
  }

  @Test
  void grantsUpToHalfOfWhatIsLeft() {
    assertThat(node().acquire(10, 2_000).toCompletableFuture()).isCompletedWithValue(500L);
    assertThat(node().acquire(10, 2_000).toCompletableFuture()).isCompletedWithValue(250L);
    assertThat(node().acquire(200, 2_000).toCompletableFuture()).isCompletedWithValue(200L);
  }

  @Test
  void leavesAQuarterToTheNodeHoweverManyConsumersWait() {
    hold(consumer(), 750);
    CompletableFuture<Long> waiting = acquire(consumer(), 10);
    assertThat(waiting).isNotDone();
    assertThat(acquire(node(), 250)).isCompleted();
    CompletableFuture<Long> own = acquire(node(), 10);
    assertThat(own).isNotDone();
  }

  @Test
  void letsALoneReadInWhateverItsSize() {
    Share share = node();
    assertThat(acquire(share, 5_000)).isCompletedWithValue(5_000L);
    CompletableFuture<Long> next = acquire(node(), 3_000);
    assertThat(next).isNotDone();
    CompletableFuture<Long> consumers = acquire(consumer(), 2_000);
    share.close();
    assertThat(next).isCompletedWithValue(3_000L);
    assertThat(consumers).isCompletedWithValue(2_000L);
  }

  @Test
  void readsAheadOnlyIntoTheFirstHalfAndIfNobodyWaits() {
    assertThat(node().tryAcquire(10, 400)).isEqualTo(400);
    assertThat(node().tryAcquire(10, 400)).isEqualTo(100);
    assertThat(node().tryAcquire(10, 400)).isZero();
    ReadBudget other = budget(10, LONG);
    Share most = other.open(Holder.CONSUMER, null, "read");
    hold(most, 700);
    assertThat(acquire(other.open(Holder.CONSUMER, null, "read"), 100)).isNotDone();
    most.correct(700, 660);
    assertThat(other.open(Holder.NODE, null, "read").tryAcquire(1, 1)).isZero();
  }

  @Test
  void refusesWhatWaitsTooLong() {
    ReadBudget impatient = budget(10, Duration.ofMillis(1));
    Share share = impatient.open(Holder.CONSUMER, null, "read that");
    hold(share, 700);
    CompletableFuture<Long> refused =
        acquire(impatient.open(Holder.CONSUMER, null, "read events of stream 'a'"), 100)
            .orTimeout(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(failure(refused))
        .cause()
        .isInstanceOf(FenceException.class)
        .hasCauseInstanceOf(ReadsOverloadedException.class)
        .hasMessageContaining("read events of stream 'a'")
        .hasMessageContaining("700 bytes of at most 1,000 (store.cassandra.max-read-bytes)")
        .hasMessageContaining("store.cassandra.read-queue-timeout");
    share.close();
    assertThat(impatient.heldBytes()).isZero();
    assertThat(impatient.waiting()).isZero();
  }

  @Test
  void refusesWhatIsMoreThanMayWait() {
    ReadBudget one = budget(1, LONG);
    hold(one.open(Holder.NODE, null, "read"), MAX);
    CompletableFuture<Long> waiting = acquire(one.open(Holder.NODE, null, "read"), 1);
    CompletableFuture<Long> refused = acquire(one.open(Holder.NODE, null, "read"), 1);
    assertThat(waiting).isNotDone();
    assertThat(failure(refused))
        .hasCauseInstanceOf(ReadsOverloadedException.class)
        .hasMessageContaining("store.cassandra.max-queued-reads");
  }

  @Test
  void givesAllBackWhenAReadIsClosedWhateverItDoes() {
    Share holding = node();
    hold(holding, MAX);
    Share waiting = node();
    CompletableFuture<Long> ended = acquire(waiting, 10);
    CompletableFuture<Long> next = acquire(node(), 20);
    waiting.close();
    assertThat(ended).isCompletedExceptionally();
    holding.close();
    holding.close();
    holding.correct(10, 20);
    assertThat(next).isCompletedWithValue(20L);
    assertThat(budget.heldBytes()).isEqualTo(20);
    assertThat(acquire(holding, 1)).isCompletedExceptionally();
    assertThat(holding.tryAcquire(1, 1)).isZero();
  }

  @Test
  void holdsWhatIsUnderWayUntilItHasComeAlsoIfTheReadIsClosedBefore() {
    Share share = node();
    hold(share, 700);
    CompletableFuture<String> answer = new CompletableFuture<>();
    CompletableFuture<String> sent = share.whileUnderWay(600, () -> answer).toCompletableFuture();
    share.close();
    assertThat(budget.heldBytes()).isEqualTo(600);
    CompletableFuture<Long> next = acquire(node(), 900);
    assertThat(next).isNotDone();
    answer.complete("rows");
    assertThat(sent).isCompletedWithValue("rows");
    assertThat(next).isCompletedWithValue(900L);
    assertThat(budget.heldBytes()).isEqualTo(900);
  }

  @Test
  void sendsNothingForAReadThatIsClosed() {
    Share share = node();
    hold(share, 700);
    share.close();
    AtomicBoolean sent = new AtomicBoolean();
    assertThat(
            share
                .whileUnderWay(
                    700,
                    () -> {
                      sent.set(true);
                      return CompletableFuture.completedFuture("rows");
                    })
                .toCompletableFuture())
        .isCompletedExceptionally();
    assertThat(sent).isFalse();
    assertThat(budget.heldBytes()).isZero();
  }

  @Test
  void checksHaveRoomOfTheirOwnAndWaitForEachOtherOnly() {
    hold(node(), 900);
    assertThat(acquire(node(), 900)).isNotDone();
    Share first = check();
    hold(first, 100);
    CompletableFuture<Long> second = acquire(check(), 100);
    assertThat(second).isNotDone();
    first.close();
    assertThat(second).isCompletedWithValue(100L);
  }

  /** Who has waited too long is told on a thread of the executor, which may be busy. */
  @Test
  void letsNobodyWaitBehindOneThatHasGivenUp() {
    Queue<Runnable> busy = new ConcurrentLinkedQueue<>();
    ReadBudget impatient =
        new ReadBudget(
            "store.cassandra", new ReadBudget.Limits(MAX, 10, Duration.ofMillis(1)), busy::add);
    hold(impatient.open(Holder.NODE, LONG, "read this"), 900);
    CompletableFuture<Long> tooLate = acquire(impatient.open(Holder.NODE, null, "read much"), 900);
    await().until(() -> !busy.isEmpty());
    hold(impatient.open(Holder.NODE, LONG, "read little"), 50);
    busy.forEach(Runnable::run);
    assertThat(tooLate).isCompletedExceptionally();
    assertThat(impatient.heldBytes()).isEqualTo(950);
  }

  @Test
  void endsAllWaitingWhenItIsClosed() {
    hold(node(), MAX);
    CompletableFuture<Long> waiting = acquire(node(), 10);
    budget.close();
    assertThatThrownBy(waiting::join).hasCauseInstanceOf(FenceException.class);
    assertThat(acquire(node(), 1)).isCompletedExceptionally();
  }
}
