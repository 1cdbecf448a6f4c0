// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.AppendOutcome;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.sample.common.Stages;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Appends the next events of one stream of an import: in one batch, each event at the version that
 * the log gives it, so that whoever imports a log again doubles nothing. Where some of them are there
 * already, and others not, they are appended one by one.
 */
final class ImportWindow {
  private static final int MAX_ATTEMPTS = 8;
  private static final long FIRST_PAUSE_MILLIS = 100;

  private final EventStore store;
  private final String streamId;
  private final ImportCount count;

  ImportWindow(EventStore store, String streamId, ImportCount count) {
    this.store = store;
    this.streamId = streamId;
    this.count = count;
  }

  /**
   * Appends events.
   *
   * @param version of the last event before
   * @return does not fail because of what the store answers: that is counted
   */
  CompletionStage<Void> append(List<NewEvent<JsonNode>> events, long version) {
    return attempt(events, version, 1)
        .thenCompose(
            outcome -> {
              if (outcome instanceof AppendOutcome.Appended) {
                count.appended(events.size());
              } else if (outcome instanceof AppendOutcome.AlreadyAppended) {
                count.repeated(events.size());
              } else if (events.size() > 1 && isAboutEvents(outcome)) {
                return oneByOne(events, version);
              } else {
                AppendOutcome.Refused refused = (AppendOutcome.Refused) outcome;
                count.failed(events.size(), String.valueOf(refused.exception().getMessage()));
              }
              return CompletableFuture.completedFuture(null);
            });
  }

  private static boolean isAboutEvents(AppendOutcome outcome) {
    return outcome instanceof AppendOutcome.Conflict || outcome instanceof AppendOutcome.Rejected;
  }

  private CompletionStage<Void> oneByOne(List<NewEvent<JsonNode>> events, long version) {
    CompletionStage<Void> done = CompletableFuture.completedFuture(null);
    for (int i = 0; i < events.size(); i++) {
      List<NewEvent<JsonNode>> one = List.of(events.get(i));
      long before = version + i;
      done = done.thenCompose(previous -> append(one, before));
    }
    return done;
  }

  private CompletionStage<AppendOutcome> attempt(
      List<NewEvent<JsonNode>> events, long version, int number) {
    return store
        .tryAppend(AppendBatchInput.of(streamId, events).withExpectedVersion(version))
        .thenCompose(
            outcome -> {
              boolean mayBeRepeated =
                  outcome instanceof AppendOutcome.Overloaded
                      || outcome instanceof AppendOutcome.Unavailable
                      || outcome instanceof AppendOutcome.Unknown;
              return mayBeRepeated && number < MAX_ATTEMPTS
                  ? Stages.pause(FIRST_PAUSE_MILLIS << number)
                      .thenCompose(now -> attempt(events, version, number + 1))
                  : CompletableFuture.completedFuture(outcome);
            });
  }
}
