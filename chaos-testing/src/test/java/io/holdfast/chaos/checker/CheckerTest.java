// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.chaos.history.Consistency;
import io.holdfast.chaos.history.Event;
import io.holdfast.chaos.history.Expected;
import io.holdfast.chaos.history.HistoryRecord;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import io.holdfast.chaos.history.Result;
import io.holdfast.chaos.history.UnusableHistoryException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Small histories, of which one sees what is wrong with them, or that nothing is. */
class CheckerTest {
  private static final String STREAM = "s";

  private final List<HistoryRecord> records =
      new ArrayList<>(List.of(new HistoryRecord.Header(0, HistoryRecord.FORMAT, "", 0, Map.of())));
  private long op;

  private void call(long from, long to, Operation operation, Outcome outcome) {
    op++;
    records.add(new HistoryRecord.Invocation(from, op, "c" + op, operation));
    records.add(new HistoryRecord.Completion(to, op, outcome));
  }

  private void call(long from, long to, Operation operation, Result result) {
    call(from, to, operation, Outcome.ok(result));
  }

  private void append(long from, long to, long first, String... ids) {
    call(
        from,
        to,
        new Operation.Append(STREAM, List.of(ids), Expected.any()),
        new Result.Appended(first, first + ids.length - 1, false));
  }

  /** {@code "a", "b"} from a version on. */
  private static List<Event> events(long first, String... ids) {
    List<Event> events = new ArrayList<>();
    for (String id : ids) {
      events.add(new Event(first + events.size(), id));
    }
    return events;
  }

  private void read(long from, long to, long version, List<Event> events) {
    call(
        from,
        to,
        Operation.Read.all(STREAM, Consistency.LINEARIZABLE),
        new Result.Events(version, 0, events));
  }

  private void lastRead(long version, List<Event> events) {
    call(1000, 1001, Operation.Read.last(STREAM, 1), new Result.Events(version, 0, events));
  }

  private void version(long from, long to, Consistency consistency, long version) {
    call(from, to, new Operation.GetVersion(STREAM, consistency), new Result.Version(version));
  }

  private void deliver(long at, long version, String id) {
    records.add(new HistoryRecord.Delivery(at, "feed", STREAM, version, id));
  }

  private void startFeed(long at, long after) {
    records.add(new HistoryRecord.ConsumerStart(at, "feed", "feed", "", after));
  }

  private Report check() {
    return CheckerPropertyTest.check(records);
  }

  private void isFine() {
    assertThat(check().violations()).isEmpty();
  }

  /** That one is found, and rests on these operations. */
  private void isFound(ViolationKind kind, long... ops) {
    Violation violation =
        check().violations().stream()
            .filter(one -> one.kind() == kind)
            .findFirst()
            .orElseThrow(() -> new AssertionError(kind + " is not in " + check().violations()));
    assertThat(
            violation.evidence().stream()
                .filter(Op.class::isInstance)
                .map(one -> ((Op) one).number()))
        .as(violation.text())
        .containsExactlyInAnyOrderElementsOf(Arrays.stream(ops).boxed().toList());
  }

  @Test
  void namesTheTwoReadsOfWhichTheLaterIsOlder() {
    append(0, 100, 1, "a");
    read(10, 20, 1, events(1, "a"));
    read(30, 40, 0, List.of());
    read(50, 60, 1, events(1, "a"));
    lastRead(1, events(1, "a"));
    isFound(ViolationKind.STALE_READ, 2, 3);
  }

  @Test
  void letsReadsThatOverlapAnAppendSeeItOrNot() {
    append(0, 100, 1, "a");
    read(10, 40, 1, events(1, "a"));
    read(20, 30, 0, List.of());
    lastRead(1, events(1, "a"));
    isFine();
  }

  @Test
  void letsAnOwnerBeOldButNotAhead() {
    append(0, 10, 1, "a");
    version(20, 30, Consistency.OWNER, 0);
    append(40, 50, 2, "b");
    lastRead(2, events(1, "a", "b"));
    isFine();

    version(20, 30, Consistency.OWNER, 2);
    isFound(ViolationKind.FUTURE_READ, 3, 5);
  }

  @Test
  void findsAppendsThatStandAgainstTheOrderOfTheirCalls() {
    append(0, 10, 2, "a");
    append(20, 30, 1, "b");
    lastRead(2, events(1, "b", "a"));
    isFound(ViolationKind.REORDERED, 1, 2);
  }

  @Test
  void findsABatchWithAnotherEventInTheMiddle() {
    call(
        0,
        100,
        new Operation.Append(STREAM, List.of("a", "b"), Expected.any()),
        new Outcome.Unknown(""));
    append(0, 100, 2, "x");
    lastRead(3, List.of(new Event(1, "a"), new Event(2, "x"), new Event(3, "b")));
    isFound(ViolationKind.TORN_BATCH, 1, 3);
  }

  @Test
  void findsHalfAnUnknownBatch() {
    call(
        0,
        100,
        new Operation.Append(STREAM, List.of("a", "b"), Expected.any()),
        new Outcome.Unknown(""));
    lastRead(1, events(1, "a"));
    isFound(ViolationKind.TORN_BATCH, 2);
  }

  @Test
  void letsAnUnknownAppendBeRepeatedUntilItIsKnown() {
    Operation append = new Operation.Append(STREAM, List.of("a"), Expected.exactly(0));
    call(0, 10, append, new Outcome.Unknown(""));
    call(20, 30, append, new Outcome.Unavailable(""));
    call(40, 50, append, new Result.Appended(1, 1, true));
    call(60, 70, append, new Result.Appended(1, 1, true));
    lastRead(1, events(1, "a"));
    isFine();
  }

  @Test
  void believesAnUnknownAppendThatComesLate() {
    call(
        0, 10, new Operation.Append(STREAM, List.of("a"), Expected.any()), new Outcome.Unknown(""));
    read(20, 30, 0, List.of());
    version(40, 50, Consistency.LINEARIZABLE, 1);
    lastRead(1, events(1, "a"));
    isFine();
  }

  @Test
  void letsADeletionTakeEventsAndNoOther() {
    append(0, 10, 1, "a", "b");
    append(20, 30, 3, "c");
    call(40, 50, new Operation.Truncate(STREAM, 2), new Result.Info(3, 2, false, 0));
    read(60, 70, 3, events(2, "b", "c"));
    lastRead(3, events(2, "b", "c"));
    isFine();

    read(60, 70, 3, events(3, "c"));
    isFound(ViolationKind.VANISHED, 1, 6);
  }

  @Test
  void findsADeletedEventThatIsRead() {
    append(0, 10, 1, "a", "b");
    call(20, 30, new Operation.Truncate(STREAM, 2), new Result.Info(2, 2, false, 0));
    read(40, 50, 2, events(1, "a", "b"));
    lastRead(2, events(2, "b"));
    isFound(ViolationKind.DELETED_BUT_READ, 2, 3);
  }

  @Test
  void letsAReadMeetADeletionHalfWay() {
    append(0, 10, 1, "a", "b", "c");
    call(20, 90, new Operation.Truncate(STREAM, 3), new Result.Info(3, 3, false, 0));
    read(30, 80, 3, List.of(new Event(1, "a"), new Event(3, "c")));
    lastRead(3, events(3, "c"));
    isFine();
  }

  @Test
  void letsNumbersGoOnAfterADeletion() {
    append(0, 10, 1, "a");
    call(
        20, 30, new Operation.Delete(STREAM, Expected.exactly(1)), new Result.Info(1, 2, false, 0));
    call(
        40,
        50,
        new Operation.Exists(STREAM, Consistency.LINEARIZABLE),
        new Result.Existence(false));
    call(
        60,
        70,
        new Operation.Append(STREAM, List.of("b"), Expected.noStream()),
        new Result.Appended(2, 2, false));
    lastRead(2, events(2, "b"));
    isFine();

    call(
        52, 54, new Operation.Exists(STREAM, Consistency.LINEARIZABLE), new Result.Existence(true));
    assertThat(check().violations()).isNotEmpty();
  }

  @Test
  void findsAnEventThatADeletionTookWhichWasOver() {
    append(0, 10, 1, "a");
    call(20, 30, new Operation.Delete(STREAM, Expected.any()), new Result.Info(1, 2, false, 0));
    append(40, 50, 2, "b");
    lastRead(2, List.of());
    isFound(ViolationKind.LOST, 3, 4);
  }

  @Test
  void letsMaxCountTakeTheOldest() {
    append(0, 10, 1, "a", "b", "c");
    call(20, 30, new Operation.SetMaxCount(STREAM, 2), new Result.Info(3, 2, false, 2));
    append(40, 50, 4, "d");
    lastRead(4, events(3, "c", "d"));
    isFine();

    read(60, 70, 4, events(2, "b", "c", "d"));
    isFound(ViolationKind.DELETED_BUT_READ, 2, 5);
  }

  @Test
  void findsAnEventThatMaxCountKeeps() {
    append(0, 10, 1, "a", "b", "c");
    call(20, 30, new Operation.SetMaxCount(STREAM, 2), new Result.Info(3, 2, false, 2));
    lastRead(3, events(3, "c"));
    isFound(ViolationKind.LOST, 1, 3);
  }

  @Test
  void findsAnAppendAfterAClose() {
    append(0, 10, 1, "a");
    call(20, 30, new Operation.Close(STREAM, Expected.any()), new Result.Info(1, 1, true, 0));
    call(
        40,
        50,
        new Operation.Append(STREAM, List.of("x"), Expected.any()),
        new Outcome.Refused(true, "closed"));
    lastRead(1, events(1, "a"));
    isFine();

    append(60, 70, 2, "b");
    isFound(ViolationKind.APPENDED_AFTER_CLOSE, 2, 5);
  }

  @Test
  void letsARefusalSayThatACloseOfUnknownOutcomeTookPlace() {
    append(0, 10, 1, "a");
    call(20, 30, new Operation.Close(STREAM, Expected.any()), new Outcome.Unknown(""));
    append(40, 50, 2, "b");
    call(
        60,
        70,
        new Operation.Append(STREAM, List.of("x"), Expected.any()),
        new Outcome.Refused(true, "closed"));
    lastRead(2, events(1, "a", "b"));
    isFine();

    append(80, 90, 3, "c");
    isFound(ViolationKind.APPENDED_AFTER_CLOSE, 4, 6);
  }

  @Test
  void explainsAConflictByAMomentOfTheCall() {
    append(0, 10, 1, "a");
    append(20, 60, 2, "b");
    call(
        30,
        40,
        new Operation.Append(STREAM, List.of("x"), Expected.exactly(1)),
        new Outcome.Conflict(2));
    lastRead(2, events(1, "a", "b"));
    isFine();

    version(50, 55, Consistency.LINEARIZABLE, 1);
    isFound(ViolationKind.UNEXPLAINED_CONFLICT, 3, 5);
  }

  @Test
  void wantsOneMomentForAllThatAnAnswerSays() {
    append(0, 10, 1, "a");
    append(20, 30, 2, "b");
    call(40, 50, new Operation.Truncate(STREAM, 2), new Result.Info(2, 2, false, 0));
    lastRead(2, events(2, "b"));
    isFine();

    // At version 1, and truncated: each was true at a moment of this call.
    call(
        5,
        60,
        new Operation.GetInfo(STREAM, Consistency.LINEARIZABLE),
        new Result.Info(1, 2, false, 0));
    isFound(ViolationKind.UNEXPLAINED_ANSWER, 2, 3, 5);
  }

  @Test
  void wantsOneMomentForAllThatAnOwnerSays() {
    append(0, 10, 1, "a");
    append(20, 30, 2, "b");
    call(40, 50, new Operation.Truncate(STREAM, 2), new Result.Info(2, 2, false, 0));
    call(60, 70, new Operation.GetInfo(STREAM, Consistency.OWNER), new Result.Info(1, 2, false, 0));
    lastRead(2, events(2, "b"));
    isFound(ViolationKind.UNEXPLAINED_ANSWER, 2, 3, 4);
  }

  @Test
  void findsAnswersAboutChangesThatAreNotMade() {
    append(0, 10, 1, "a", "b", "c");
    lastRead(3, events(1, "a", "b", "c"));
    call(20, 30, new Operation.Truncate(STREAM, 2), new Result.Info(3, 1, false, 0));
    isFound(ViolationKind.UNEXPLAINED_ANSWER, 3);
  }

  @Test
  void findsAMaxCountThatNobodyHasSet() {
    append(0, 10, 1, "a");
    lastRead(1, events(1, "a"));
    call(20, 30, new Operation.GetInfo(STREAM, Consistency.OWNER), new Result.Info(1, 1, false, 7));
    isFound(ViolationKind.UNEXPLAINED_ANSWER, 3);
  }

  @Test
  void findsAnOldMaxCount() {
    append(0, 10, 1, "a");
    call(20, 30, new Operation.SetMaxCount(STREAM, 2), new Result.Info(1, 1, false, 2));
    call(
        40,
        50,
        new Operation.GetInfo(STREAM, Consistency.LINEARIZABLE),
        new Result.Info(1, 1, false, 0));
    lastRead(1, events(1, "a"));
    isFound(ViolationKind.STALE_READ, 2, 3);
  }

  @Test
  void findsADeletionThatExpectedAnotherVersion() {
    append(0, 10, 1, "a");
    call(
        20, 30, new Operation.Delete(STREAM, Expected.exactly(5)), new Result.Info(1, 2, false, 0));
    lastRead(1, List.of());
    isFound(ViolationKind.EXPECTATION_BROKEN, 2);
  }

  @Test
  void findsAnAppendThatTheAnswerOfACloseLeavesOut() {
    append(0, 10, 1, "a");
    call(20, 60, new Operation.Close(STREAM, Expected.any()), new Result.Info(1, 1, true, 0));
    append(30, 50, 2, "b");
    lastRead(2, events(1, "a", "b"));
    isFound(ViolationKind.APPENDED_AFTER_CLOSE, 2, 3);
  }

  @Test
  void findsAConflictThatTellsNoVersionAndHadNoMoment() {
    append(0, 10, 1, "a");
    append(40, 50, 2, "b");
    lastRead(2, events(1, "a", "b"));
    Operation append = new Operation.Append(STREAM, List.of("x"), Expected.exactly(1));
    call(20, 45, append, new Outcome.Conflict(-1));
    isFine();

    call(20, 30, append, new Outcome.Conflict(-1));
    isFound(ViolationKind.UNEXPLAINED_CONFLICT, 1, 2, 5);
  }

  @Test
  void findsAnAnswerThatIsOlderThanADelivery() {
    startFeed(0, 0);
    append(0, 100, 1, "a");
    deliver(20, 1, "a");
    version(30, 40, Consistency.LINEARIZABLE, 0);
    lastRead(1, events(1, "a"));
    isFound(ViolationKind.STALE_READ, 2);
  }

  @Test
  void findsADeliveryThatAConsumerDidNotAskFor() {
    records.add(new HistoryRecord.ConsumerStart(0, "feed", "feed", "Order|", 0));
    append(0, 10, 1, "a");
    deliver(20, 1, "a");
    lastRead(1, events(1, "a"));
    isFound(ViolationKind.DELIVERY_PHANTOM);
  }

  @Test
  void findsTwoAppendsAtOneExpectedVersion() {
    append(0, 10, 1, "a");
    call(
        20,
        40,
        new Operation.Append(STREAM, List.of("b"), Expected.exactly(1)),
        new Result.Appended(2, 2, false));
    call(
        20,
        40,
        new Operation.Append(STREAM, List.of("c"), Expected.exactly(1)),
        new Result.Appended(3, 3, false));
    lastRead(3, events(1, "a", "b", "c"));
    isFound(ViolationKind.EXPECTATION_BROKEN, 3, 4);
  }

  @Test
  void countsWhatAReaderWasGivenAfterTheOffsetThatItGoesOnFromNotAtAll() {
    append(0, 10, 1, "a", "b", "c");
    startFeed(11, 0);
    deliver(12, 1, "a");
    deliver(13, 2, "b");
    deliver(14, 3, "c");
    startFeed(15, 1);
    deliver(16, 2, "b");
    deliver(17, 3, "c");
    records.add(new HistoryRecord.CaughtUp(18, "feed"));
    lastRead(3, events(1, "a", "b", "c"));
    isFine();

    startFeed(19, 4);
    deliver(20, 3, "c");
    isFine();
    startFeed(21, 1);
    deliver(22, 3, "c");
    isFound(ViolationKind.DELIVERY_GAP, 1);
  }

  @Test
  void saysWhatItCouldNotCheck() {
    append(0, 10, 1, "a");
    startFeed(11, 0);
    Report report = check();
    assertThat(report.violations()).isEmpty();
    assertThat(report.notices())
        .anyMatch(notice -> notice.contains("1 of 1 streams have no last read, such as 's'"))
        .anyMatch(notice -> notice.contains("feed feed has not come to the end"));
  }

  @Test
  void refusesHistoriesThatContradictThemselves() {
    append(0, 10, 1, "a");
    append(20, 30, 2, "a", "b");
    assertThatThrownBy(this::check)
        .isInstanceOf(UnusableHistoryException.class)
        .hasMessageContaining("event id 'a'");
    records.clear();
    records.add(new HistoryRecord.Header(0, HistoryRecord.FORMAT, "", 0, Map.of()));
    records.add(new HistoryRecord.Completion(1, 7, new Outcome.Unknown("")));
    assertThatThrownBy(this::check).hasMessageContaining("operation 7 completes");
    records.remove(1);
    assertThatThrownBy(this::check).hasMessageContaining("has no operation");
    call(0, 10, new Operation.GetVersion(STREAM, Consistency.OWNER), new Result.Existence(true));
    assertThatThrownBy(this::check).hasMessageContaining("cannot be answered with Existence");
  }
}
