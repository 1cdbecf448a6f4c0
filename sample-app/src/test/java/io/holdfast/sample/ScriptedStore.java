// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample;

import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.AppendBatchResult;
import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.AppendResult;
import io.holdfast.eventstore.ConcurrencyException;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.EventStoreException;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.ReadStreamResult;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.eventstore.protocol.ReadConsistency;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/** A store in memory whose next append can be made to fail. */
final class ScriptedStore implements EventStore {
  private final Map<String, List<StreamDomainEvent<?>>> streams = new HashMap<>();
  private @Nullable EventStoreException nextFailure;
  private boolean storeNevertheless;

  /**
   * Fails the next append.
   *
   * @param nevertheless whether its event is stored all the same
   */
  synchronized void failNext(EventStoreException failure, boolean nevertheless) {
    nextFailure = failure;
    storeNevertheless = nevertheless;
  }

  synchronized List<String> ids(String streamId) {
    return stream(streamId).stream().map(StreamDomainEvent::id).toList();
  }

  synchronized <T> StreamDomainEvent<T> add(String streamId, NewEvent<T> event) {
    List<StreamDomainEvent<?>> stream = stream(streamId);
    StreamDomainEvent<T> stored =
        new StreamDomainEvent<>(
            String.valueOf(event.id()),
            streamId,
            String.valueOf(event.type()),
            stream.size() + 1L,
            0,
            event.payload(),
            event.metadata());
    stream.add(stored);
    return stored;
  }

  @Override
  public synchronized <T> CompletionStage<AppendResult<T>> append(AppendEventInput<T> input) {
    EventStoreException failure = nextFailure;
    nextFailure = null;
    if (failure != null) {
      if (storeNevertheless) {
        add(input.streamId(), input.event());
      }
      return CompletableFuture.failedFuture(failure);
    }
    long version = stream(input.streamId()).size();
    long expected = input.expectedVersion().orElse(version);
    if (expected != version) {
      return CompletableFuture.failedFuture(
          new ConcurrencyException(input.streamId(), expected, version));
    }
    StreamDomainEvent<T> stored = add(input.streamId(), input.event());
    return CompletableFuture.completedFuture(new AppendResult<>(stored, stored.version()));
  }

  @Override
  public synchronized CompletionStage<ReadStreamResult> readStream(
      String streamId, ReadStreamOptions options) {
    List<StreamDomainEvent<?>> stream = stream(streamId);
    List<StreamDomainEvent<?>> read =
        stream.stream()
            .filter(event -> event.version() >= options.fromVersion())
            .limit(options.limit().orElse(Integer.MAX_VALUE))
            .toList();
    return CompletableFuture.completedFuture(
        new ReadStreamResult(read, OptionalLong.empty(), stream.size()));
  }

  @Override
  public CompletionStage<AppendBatchResult> appendBatch(AppendBatchInput input) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Source<StreamDomainEvent<?>, NotUsed> streamEvents(
      String streamId, ReadStreamOptions options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Long> getStreamVersion(String streamId, ReadConsistency consistency) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Boolean> streamExists(String streamId, ReadConsistency consistency) {
    throw new UnsupportedOperationException();
  }

  private List<StreamDomainEvent<?>> stream(String streamId) {
    return streams.computeIfAbsent(streamId, id -> new ArrayList<>());
  }
}
