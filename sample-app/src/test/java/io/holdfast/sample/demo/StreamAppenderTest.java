// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.RejectedException;
import io.holdfast.eventstore.UnavailableException;
import io.holdfast.eventstore.UnknownOutcomeException;
import io.holdfast.sample.common.Console;
import io.holdfast.sample.common.Stages;
import io.holdfast.test.Patience;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamAppenderTest {
  private static final LogStream LOG = new LogStream("s", List.of(event("a"), event("b")));

  private final ScriptedStore store = new ScriptedStore();
  private final AppendStatistics statistics = new AppendStatistics();

  @Test
  void appendsInOrder() throws Exception {
    assertThat(append()).isEqualTo(new StreamOutcome.Appended(LOG));
    assertThat(store.ids("s")).containsExactly("a", "b");
    assertThat(statistics.events()).isEqualTo(2);
  }

  @Test
  void triesAgainWhileTheStoreIsUnavailable() throws Exception {
    store.failNext(new UnavailableException("s", "not now"), false);

    assertThat(append()).isInstanceOf(StreamOutcome.Appended.class);
    assertThat(statistics.repetitions()).isEqualTo(1);
    assertThat(store.ids("s")).containsExactly("a", "b");
  }

  @Test
  void doesNotDoubleAnEventWhoseOutcomeWasUnknownButThatIsStored() throws Exception {
    store.failNext(new UnknownOutcomeException("s", "no answer"), true);

    assertThat(append()).isInstanceOf(StreamOutcome.Appended.class);
    assertThat(store.ids("s")).containsExactly("a", "b");
  }

  @Test
  void appendsAnEventWhoseOutcomeWasUnknownAndThatIsNotStored() throws Exception {
    store.failNext(new UnknownOutcomeException("s", "no answer"), false);

    assertThat(append()).isInstanceOf(StreamOutcome.Appended.class);
    assertThat(store.ids("s")).containsExactly("a", "b");
  }

  @Test
  void tellsAForeignEventFromItsOwnAfterAnUnknownOutcome() throws Exception {
    store.failNext(new UnknownOutcomeException("s", "no answer"), false);
    store.add("s", event("foreign"));

    assertThat(append()).isInstanceOf(StreamOutcome.Conflicted.class);
    assertThat(store.ids("s")).containsExactly("foreign");
  }

  @Test
  void stopsAtAConflict() throws Exception {
    store.add("s", event("foreign"));

    assertThat(append())
        .isInstanceOfSatisfying(
            StreamOutcome.Conflicted.class,
            conflicted -> assertThat(conflicted.conflict().actualVersion()).isEqualTo(1));
    assertThat(store.ids("s")).containsExactly("foreign");
    assertThat(statistics.events()).isZero();
  }

  @Test
  void failsWithWhatTryingAgainCannotHelp() {
    store.failNext(new RejectedException("s", "too large"), false);

    assertThatThrownBy(this::append).isInstanceOf(RejectedException.class).hasMessage("too large");
  }

  private StreamOutcome append() throws Exception {
    Console silent =
        new Console(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), 0);
    try (Progress progress = Progress.start(silent, "Appending", 2, "events")) {
      return Stages.await(
          new StreamAppender(store.store(), LOG, statistics, progress).append(), Patience.LIMIT);
    }
  }

  private static NewEvent<JsonNode> event(String id) {
    return NewEvent.<JsonNode>of("T", IntNode.valueOf(1)).withId(id);
  }
}
