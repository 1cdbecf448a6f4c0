// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import io.holdfast.sample.common.Stages;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.AppendOutcome;
import io.holdfast.eventstore.ConcurrencyException;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.EventStoreException;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.UnavailableException;
import io.holdfast.eventstore.UnknownOutcomeException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends the events of one stream, one after the other, each with the version that it expects.
 *
 * <p>An append that finds the store unavailable, or whose outcome is unknown, is tried again: its
 * event has the id that the log gave it, so that it cannot be stored twice.
 */
final class StreamAppender {
  private static final Logger log = LoggerFactory.getLogger(StreamAppender.class);
  private static final int MAX_ATTEMPTS = 8;
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  private final EventStore store;
  private final LogStream stream;
  private final AppendStatistics statistics;
  private final Progress progress;

  StreamAppender(
      EventStore store, LogStream stream, AppendStatistics statistics, Progress progress) {
    this.store = store;
    this.stream = stream;
    this.statistics = statistics;
    this.progress = progress;
  }

  /**
   * Appends all events.
   *
   * @return fails with what the store failed with, if trying again did not help
   */
  CompletionStage<StreamOutcome> append() {
    CompletionStage<Void> done = CompletableFuture.completedStage(null);
    List<NewEvent<JsonNode>> events = stream.events();
    for (int i = 0; i < events.size(); i++) {
      Append append = new Append(events.get(i), i);
      done = done.thenCompose(previous -> append.run());
    }
    return done.<StreamOutcome>thenApply(all -> new StreamOutcome.Appended(stream))
        .exceptionallyCompose(
            failure ->
                Stages.unwrap(failure) instanceof ConcurrencyException conflict
                    ? CompletableFuture.completedStage(conflicted(conflict))
                    : CompletableFuture.failedStage(failure));
  }

  private StreamOutcome conflicted(ConcurrencyException conflict) {
    progress.advance(stream.events().size() - conflict.expectedVersion());
    return new StreamOutcome.Conflicted(stream, conflict);
  }

  /** One event on its way into the store. */
  private final class Append {
    private final NewEvent<JsonNode> event;
    private final long expectedVersion;

    Append(NewEvent<JsonNode> event, long expectedVersion) {
      this.event = event;
      this.expectedVersion = expectedVersion;
    }

    CompletionStage<Void> run() {
      long startNanos = System.nanoTime();
      return attempt(1)
          .thenAccept(
              stored -> {
                if (stored instanceof AppendOutcome.AlreadyAppended) {
                  statistics.alreadyStored();
                } else {
                  statistics.appended(System.nanoTime() - startNanos);
                }
                progress.advance();
              });
    }

    private CompletionStage<AppendOutcome.Stored> attempt(int number) {
      return store
          .tryAppend(
              AppendEventInput.of(stream.streamId(), event).withExpectedVersion(expectedVersion))
          .thenCompose(
              outcome ->
                  outcome instanceof AppendOutcome.Refused refused
                      ? recover(number, refused.exception())
                      : CompletableFuture.completedStage(outcome.orThrow()));
    }

    private CompletionStage<AppendOutcome.Stored> recover(int number, EventStoreException failure) {
      boolean mayBeRepeated =
          failure instanceof UnknownOutcomeException || failure instanceof UnavailableException;
      if (!mayBeRepeated || number == MAX_ATTEMPTS) {
        return CompletableFuture.failedStage(failure);
      }
      log.warn("Attempt {} of {} failed: {}", number, MAX_ATTEMPTS, failure.getMessage());
      statistics.repeated();
      return Stages.pause(pauseMillis(number)).thenCompose(now -> attempt(number + 1));
    }

    private static long pauseMillis(int attempt) {
      return Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << attempt);
    }
  }
}
