// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PendingCommandsTest {
  private Answers answers;

  @BeforeEach
  void start() {
    answers = new Answers();
  }

  @AfterEach
  void stop() throws Exception {
    answers.stop();
  }

  @Test
  void givesAppendsInTheOrderOfArrival() {
    PendingCommands pending = new PendingCommands(10, 10_000, "tenant2.event-store");
    PendingAppend a = answers.append("a", 1);
    PendingAppend b = answers.append("b", 1);
    assertThat(pending.isEmpty()).isTrue();
    assertThat(pending.peek()).isNull();
    assertThat(pending.poll()).isNull();
    assertThat(pending.offer(a)).isEmpty();
    assertThat(pending.offer(b)).isEmpty();
    assertThat(pending.peek()).isSameAs(a);
    assertThat(pending.poll()).isSameAs(a);
    assertThat(pending.poll()).isSameAs(b);
    assertThat(pending.isEmpty()).isTrue();
  }

  @Test
  void refusesMoreAppendsThanTheBound() {
    PendingCommands pending = new PendingCommands(2, 10_000, "tenant2.event-store");
    assertThat(pending.offer(answers.append("a", 0))).isEmpty();
    assertThat(pending.offer(answers.append("b", 1))).isEmpty();
    assertThat(pending.offer(answers.append("c", 1)))
        .hasValueSatisfying(
            reason ->
                assertThat(reason)
                    .contains("2 appends", "tenant2.event-store.max-pending-appends"));
    pending.poll();
    assertThat(pending.offer(answers.append("d", 1))).isEmpty();
  }

  @Test
  void refusesMoreBytesThanTheBoundUntilThereIsRoom() {
    PendingCommands pending = new PendingCommands(10, 500, "tenant2.event-store");
    assertThat(pending.offer(answers.append("a", 1))).isEmpty();
    assertThat(pending.offer(answers.append("b", 2)))
        .hasValueSatisfying(
            reason ->
                assertThat(reason)
                    .contains(
                        "200 bytes", "400 more", "500", "tenant2.event-store.max-pending-bytes"));
    assertThat(pending.offer(answers.append("c", 1))).isEmpty();
    assertThat(pending.offer(answers.append("d", 1))).isPresent();
    pending.poll();
    assertThat(pending.offer(answers.append("e", 1))).isEmpty();
  }

  @Test
  void hasRoomForTheFirstAppendHoweverLarge() {
    PendingCommands pending = new PendingCommands(10, 100, "tenant2.event-store");
    assertThat(pending.offer(answers.append("a", 5))).isEmpty();
    assertThat(pending.offer(answers.append("b", 1))).isPresent();
    pending.poll();
    assertThat(pending.offer(answers.append("c", 1))).isEmpty();
  }

  @Test
  void drainsInOrderAndFreesAllRoom() {
    PendingCommands pending = new PendingCommands(2, 400, "tenant2.event-store");
    PendingAppend a = answers.append("a", 1);
    PendingAppend b = answers.append("b", 1);
    pending.offer(a);
    pending.offer(b);
    List<PendingCommands.Pending> drained = new ArrayList<>();
    pending.drain(drained::add);
    assertThat(drained).containsExactly(a, b);
    assertThat(pending.isEmpty()).isTrue();
    assertThat(pending.offer(answers.append("c", 1))).isEmpty();
    assertThat(pending.offer(answers.append("d", 1))).isEmpty();
  }
}
