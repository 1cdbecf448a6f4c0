// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.app;

import io.holdfast.chaos.history.Consistency;
import io.holdfast.chaos.history.Event;
import io.holdfast.chaos.history.Expected;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import io.holdfast.chaos.history.Result;
import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.AppendOutcome;
import io.holdfast.eventstore.ConcurrencyException;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.RejectedException;
import io.holdfast.eventstore.StreamClosedException;
import io.holdfast.eventstore.StreamInfo;
import io.holdfast.eventstore.UnavailableException;
import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.eventstore.protocol.ReadConsistency;
import io.holdfast.eventstore.protocol.StreamMetadata;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Operations of a history, on an event store. */
final class StoreOperations {
  private final EventStore store;
  private final DrawnIds ids;

  /**
   * On one store.
   *
   * @param ids that from which the store draws ids
   */
  StoreOperations(EventStore store, DrawnIds ids) {
    this.store = store;
    this.ids = ids;
  }

  /** Never fails. */
  CompletionStage<Outcome> perform(Operation operation) {
    return start(operation).exceptionally(StoreOperations::failed);
  }

  private CompletionStage<Outcome> start(Operation operation) {
    if (operation instanceof Operation.Append append) {
      return append(append);
    } else if (operation instanceof Operation.Read read) {
      return store
          .readStream(read.stream(), options(read))
          .thenApply(
              found ->
                  Outcome.ok(
                      new Result.Events(
                          found.currentVersion(),
                          found.continueFrom().orElse(0),
                          found.events().stream()
                              .map(event -> new Event(event.version(), event.id()))
                              .toList())));
    } else if (operation instanceof Operation.GetVersion version) {
      return store
          .getStreamVersion(version.stream(), consistency(version.consistency()))
          .thenApply(found -> Outcome.ok(new Result.Version(found)));
    } else if (operation instanceof Operation.Exists exists) {
      return store
          .streamExists(exists.stream(), consistency(exists.consistency()))
          .thenApply(found -> Outcome.ok(new Result.Existence(found)));
    } else if (operation instanceof Operation.GetInfo info) {
      return store
          .getStreamInfo(info.stream(), consistency(info.consistency()))
          .thenApply(StoreOperations::info);
    } else if (operation instanceof Operation.Truncate truncate) {
      return store
          .truncateStream(truncate.stream(), truncate.before())
          .thenApply(StoreOperations::info);
    } else if (operation instanceof Operation.Delete delete) {
      return store
          .deleteStream(delete.stream(), expected(delete.expected()))
          .thenApply(StoreOperations::info);
    } else if (operation instanceof Operation.Close close) {
      return store
          .closeStream(close.stream(), expected(close.expected()))
          .thenApply(StoreOperations::info);
    } else if (operation instanceof Operation.SetMaxCount limit) {
      return store
          .setStreamMetadata(
              limit.stream(),
              limit.maxCount() == 0
                  ? StreamMetadata.none()
                  : StreamMetadata.none().withMaxCount(limit.maxCount()))
          .thenApply(StoreOperations::info);
    }
    throw new IllegalArgumentException("an event store cannot do " + operation);
  }

  private CompletionStage<Outcome> append(Operation.Append append) {
    boolean drawn = append.ids().stream().allMatch(DrawnIds::isDrawn);
    List<NewEvent<String>> events = append.ids().stream().map(id -> event(id, drawn)).toList();
    AppendBatchInput input =
        AppendBatchInput.of(append.stream(), events)
            .withExpectedVersion(expected(append.expected()));
    return (drawn ? ids.during(append.ids(), () -> store.tryAppend(input)) : store.tryAppend(input))
        .thenApply(
            outcome ->
                outcome instanceof AppendOutcome.Stored stored
                    ? appended(stored)
                    : failed(((AppendOutcome.Refused) outcome).exception()));
  }

  private static NewEvent<String> event(String id, boolean drawn) {
    NewEvent<String> event = NewEvent.of("Noted", "text of " + id);
    return drawn ? event : event.withId(id);
  }

  private static Outcome appended(AppendOutcome.Stored stored) {
    int count = stored.events().size();
    long last = count == 0 ? stored.currentVersion() : stored.events().get(count - 1).version();
    return Outcome.ok(
        new Result.Appended(
            last - count + 1, last, stored instanceof AppendOutcome.AlreadyAppended));
  }

  private static Outcome info(StreamInfo info) {
    return Outcome.ok(
        new Result.Info(
            info.version(),
            info.firstVersion(),
            info.closed(),
            info.metadata().maxCount().orElse(0)));
  }

  private static ReadStreamOptions options(Operation.Read read) {
    ReadStreamOptions options =
        ReadStreamOptions.all()
            .fromVersion(read.from())
            .toVersion(read.to())
            .consistency(consistency(read.consistency()));
    ReadStreamOptions limited = read.limit() == 0 ? options : options.limit(read.limit());
    return read.reverse() ? limited.reversed() : limited;
  }

  private static ReadConsistency consistency(Consistency consistency) {
    return consistency == Consistency.OWNER ? ReadConsistency.OWNER : ReadConsistency.LINEARIZABLE;
  }

  private static ExpectedVersion expected(Expected expected) {
    return switch (expected.kind()) {
      case ANY -> ExpectedVersion.any();
      case NO_STREAM -> ExpectedVersion.noStream();
      case STREAM_EXISTS -> ExpectedVersion.streamExists();
      case EXACTLY -> ExpectedVersion.exactly(expected.version());
    };
  }

  /** Also of a failure that should not be: it is unknown what it has done. */
  static Outcome failed(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof ConcurrencyException conflict) {
      return new Outcome.Conflict(conflict.actualVersion());
    } else if (cause instanceof RejectedException rejected) {
      return new Outcome.Refused(rejected instanceof StreamClosedException, rejected.toString());
    } else if (cause instanceof UnavailableException) {
      return new Outcome.Unavailable(cause.toString());
    }
    return new Outcome.Unknown(cause.toString());
  }
}
