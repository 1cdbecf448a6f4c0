// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;

/** What a {@link WorkerProcess} asks of its {@link WorkerMain}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
  @JsonSubTypes.Type(value = Command.Prepare.class, name = "prepare"),
  @JsonSubTypes.Type(value = Command.Measure.class, name = "measure"),
  @JsonSubTypes.Type(value = Command.Deliver.class, name = "deliver"),
  @JsonSubTypes.Type(value = Command.Write.class, name = "write"),
  @JsonSubTypes.Type(value = Command.CatchUp.class, name = "catch-up")
})
sealed interface Command {
  /** {@link Subject#prepare}. */
  record Prepare(Load load) implements Command {}

  /** {@link Subject#measure}. */
  record Measure(Load load, long windowMillis) implements Command {
    Duration window() {
      return Duration.ofMillis(windowMillis);
    }
  }

  /** {@link TaggedJournal#deliver}. */
  record Deliver(int backgroundWriters, long windowMillis) implements Command {
    Duration window() {
      return Duration.ofMillis(windowMillis);
    }
  }

  /** {@link TaggedJournal#write}. */
  record Write(int events, int batchEvents) implements Command {}

  /** {@link TaggedJournal#catchUp}. */
  record CatchUp(int events) implements Command {}
}
