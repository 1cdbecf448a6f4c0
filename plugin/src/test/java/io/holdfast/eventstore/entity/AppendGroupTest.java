// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.eventstore.protocol.StreamReply;
import io.holdfast.serialization.RecordedEvent;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AppendGroupTest {
  private static final long NOW = 77;
  private static final StreamEntitySettings SETTINGS = TestSettings.of(4, 10_000);
  private static final StreamReply.Unknown UNKNOWN = new StreamReply.Unknown("no answer");

  private static final AppendGroup.Comparison NO_COMPARISON =
      (append, compare, version) -> {
        throw new AssertionError(append);
      };

  private final PendingCommands pending =
      new PendingCommands(100, 1_000_000, "holdfast.event-store");
  private Answers answers;
  private StreamState state = new StreamState(TestSettings.WINDOW, 0, 0, StreamProperties.NONE);

  @BeforeEach
  void start() {
    answers = new Answers();
  }

  @AfterEach
  void stop() throws Exception {
    answers.stop();
  }

  private AppendGroup group(long version, PendingAppend... appends) {
    return group(SETTINGS, version, appends);
  }

  private AppendGroup group(StreamEntitySettings settings, long version, PendingAppend... appends) {
    for (PendingAppend append : appends) {
      assertThat(pending.offer(append)).isEmpty();
    }
    state = new StreamState(TestSettings.WINDOW, version, 0, StreamProperties.NONE);
    return AppendGroup.take(pending, state, NOW, settings);
  }

  private static List<String> ids(AppendGroup group) {
    return group.events().stream().map(event -> event.data().id()).toList();
  }

  @Test
  void checksEachAppendAgainstTheVersionThatThoseBeforeItLeave() throws Exception {
    AppendGroup group =
        group(
            TestSettings.of(10, 10_000),
            7,
            answers.append("a", 1, 7),
            answers.append("b", 2, 8),
            answers.append("c", 1),
            answers.append("d", 1, 10));
    assertThat(ids(group)).containsExactly("a-1", "b-1", "b-2", "c-1");
    assertThat(group.events()).extracting(RecordedEvent::timestampMillis).containsOnly(NOW);
    assertThat(group.baseVersion()).isEqualTo(7);
    assertThat(state.version()).isEqualTo(11);
    group.succeed(NO_COMPARISON);
    assertThat(answers.next(4))
        .containsExactly(
            "a appended 8 at 77", "b appended 10 at 77", "c appended 11 at 77", "d conflict 10/11");
    assertThat(pending.isEmpty()).isTrue();
  }

  @Test
  void takesNoMoreEventsThanABatchHolds() throws Exception {
    AppendGroup group =
        group(0, answers.append("a", 2), answers.append("b", 2), answers.append("c", 1));
    assertThat(ids(group)).containsExactly("a-1", "a-2", "b-1", "b-2");
    AppendGroup rest = AppendGroup.take(pending, state, NOW, SETTINGS);
    assertThat(ids(rest)).containsExactly("c-1");
    assertThat(rest.baseVersion()).isEqualTo(4);
    group.succeed(NO_COMPARISON);
    rest.succeed(NO_COMPARISON);
    assertThat(answers.next(3))
        .containsExactly("a appended 2 at 77", "b appended 4 at 77", "c appended 5 at 77");
  }

  @Test
  void takesNoMoreBytesThanAWriteHolds() {
    AppendGroup group =
        group(
            TestSettings.of(100, 500),
            0,
            answers.append("a", 1),
            answers.append("b", 1),
            answers.append("c", 1));
    assertThat(ids(group)).containsExactly("a-1", "b-1");
    assertThat(pending.isEmpty()).isFalse();
  }

  @Test
  void takesOneAppendHoweverLarge() {
    assertThat(ids(group(0, answers.append("a", 6)))).hasSize(6);
  }

  @Test
  void keepsTheOrderOfArrivalWhereALaterAppendWouldFit() {
    AppendGroup group =
        group(0, answers.append("a", 2), answers.append("b", 3), answers.append("c", 1));
    assertThat(ids(group)).containsExactly("a-1", "a-2");
  }

  @Test
  void knowsTheIdsOfANewStreamWhoseFirstAppendHadItsOwn() {
    AppendGroup group =
        group(0, answers.appendWithOwnIds("a", 1), answers.appendWithOwnIds("b", 1));
    assertThat(ids(group)).containsExactly("a-1", "b-1");
    assertThat(state.needsRecentIds(ExpectedVersion.any(), false)).isFalse();
  }

  @Test
  void looksForDrawnIdsWhereTheirTurnCameSoLateThatTheyMayBeStored() {
    assertThat(ids(group(5, answers.appendThatWaited("a", 1)))).isEmpty();
    assertThat(pending.isEmpty()).isFalse();
  }

  @Test
  void leavesWhatNeedsIdsThatAreNotKnown() {
    AppendGroup group = group(0, answers.append("a", 1), answers.appendWithOwnIds("b", 1));
    assertThat(ids(group)).containsExactly("a-1");
    assertThat(pending.isEmpty()).isFalse();
    assertThat(state.needsRecentIds(ExpectedVersion.any(), false)).isTrue();
    assertThat(state.needsRecentIds(ExpectedVersion.any(), true)).isFalse();
  }

  @Test
  void answersNoConflictWithAVersionThatIsNotConfirmed() throws Exception {
    AppendGroup group = group(3, answers.append("a", 1, 2), answers.append("b", 1, 3));
    assertThat(ids(group)).containsExactly("b-1");
    group.fail(UNKNOWN);
    assertThat(answers.next(2)).containsExactly("a Unavailable", "b Unknown");
  }

  @Test
  void answersNothingThatRestsOnAWriteThatFailed() throws Exception {
    AppendGroup group =
        group(
            3,
            answers.append("a", 1, 3),
            answers.append("b", 1, 3),
            answers.append("c", 0),
            answers.append("d", 1));
    assertThat(ids(group)).containsExactly("a-1", "d-1");
    group.fail(UNKNOWN);
    assertThat(answers.next(4))
        .containsExactly("a Unknown", "b Unavailable", "c Unavailable", "d Unknown");
  }

  @Test
  void answersConflictsBehindTheWriteWithTheVersionThatItMade() throws Exception {
    group(3, answers.append("a", 1, 3), answers.append("b", 1, 3), answers.append("c", 0))
        .succeed(NO_COMPARISON);
    assertThat(answers.next(3))
        .containsExactly("a appended 4 at 77", "b conflict 3/4", "c appended 4 at 77");
  }

  @Test
  void answersEmptyBatchesWithoutAWrite() throws Exception {
    AppendGroup group =
        group(5, answers.append("a", 0), answers.append("b", 0, 5), answers.append("c", 0, 4));
    assertThat(group.events()).isEmpty();
    assertThat(state.version()).isEqualTo(5);
    group.succeed(NO_COMPARISON);
    assertThat(answers.next(3))
        .containsExactly("a appended 5 at 77", "b appended 5 at 77", "c conflict 4/5");
  }
}
