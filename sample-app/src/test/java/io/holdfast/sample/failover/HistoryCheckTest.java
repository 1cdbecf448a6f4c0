// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HistoryCheckTest {
  private final StreamLedger told = new StreamLedger("s");

  HistoryCheckTest() {
    acknowledge("a", 1, 10, 20);
    told.conflicted("refused");
    told.unsettled("open");
    acknowledge("b", 2, 15, 40);
    acknowledge("c", 3, 50, 60);
  }

  @Test
  void acceptsWhatClientsWereTold() {
    assertThat(check("a", "b", "c")).isEmpty();
    assertThat(check("a", "b", "c", "open")).isEmpty();
  }

  @Test
  void findsALostEvent() {
    assertThat(check("a", "b"))
        .containsExactly("event c was acknowledged as version 3, and is not there");
  }

  @Test
  void findsADoubledEvent() {
    assertThat(check("a", "b", "c", "a")).containsExactly("event a is there twice, at 1 and 4");
  }

  @Test
  void findsEventsInAnotherOrder() {
    assertThat(check("b", "a", "c"))
        .containsExactly(
            "event a was acknowledged as version 1, and is at 2",
            "event b was acknowledged as version 2, and is at 1");
  }

  @Test
  void findsARefusedEvent() {
    assertThat(check("a", "b", "c", "refused"))
        .containsExactly("event refused was refused as a conflict, and is there");
  }

  @Test
  void findsAnEventOfNobody() {
    assertThat(check("a", "b", "c", "x"))
        .containsExactly("event x is there, and nobody has appended it");
  }

  @Test
  void findsAGap() {
    List<StoredEvent> stored =
        List.of(new StoredEvent(1, "a"), new StoredEvent(2, "b"), new StoredEvent(4, "open"));
    assertThat(HistoryCheck.check(told, stored))
        .contains("event open has version 4, expected was 3");
  }

  @Test
  void findsAnEventThatOvertookAnEarlierOne() {
    acknowledge("late", 4, 80, 90);
    acknowledge("early", 5, 65, 70);
    assertThat(check("a", "b", "c", "late", "early"))
        .containsExactly(
            "event early, version 5, was acknowledged before event late, version 4, was begun");
  }

  private List<String> check(String... ids) {
    List<StoredEvent> stored =
        IntStream.range(0, ids.length).mapToObj(i -> new StoredEvent(i + 1, ids[i])).toList();
    return HistoryCheck.check(told, stored);
  }

  private void acknowledge(String id, long version, long begun, long answered) {
    told.acknowledged(new Acknowledgement(id, version - 1, version, begun, begun, answered, false));
  }
}
