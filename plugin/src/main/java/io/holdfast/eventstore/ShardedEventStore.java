// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import io.holdfast.eventstore.entity.StreamEntitySettings;
import io.holdfast.eventstore.entity.StreamLimits;
import io.holdfast.eventstore.protocol.ReadConsistency;
import io.holdfast.eventstore.protocol.StreamCommand;
import io.holdfast.eventstore.protocol.StreamReply;
import io.holdfast.metrics.Measurements;
import io.holdfast.metrics.Operation;
import io.holdfast.metrics.Outcome;
import io.holdfast.query.StreamReader;
import io.holdfast.query.StreamReader.VersionedEvent;
import io.holdfast.serialization.EventData;
import io.holdfast.serialization.SerializationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/**
 * The event store over sharded streams: checks and serializes at the caller's edge, asks the
 * stream, reads from storage.
 */
final class ShardedEventStore implements EventStore {
  private final StreamClient client;
  private final EventCodec codec;
  private final StreamReader reader;
  private final Measurements measurements;
  private final StreamLimits limits;
  private final int maxReadEvents;

  ShardedEventStore(
      StreamClient client,
      EventCodec codec,
      StreamReader reader,
      Measurements measurements,
      StreamEntitySettings settings) {
    this.client = client;
    this.codec = codec;
    this.reader = reader;
    this.measurements = measurements;
    this.limits = settings.limits();
    this.maxReadEvents = settings.maxReadEvents();
  }

  @Override
  public <T> CompletionStage<AppendResult<T>> append(AppendEventInput<T> input) {
    String streamId = input.streamId();
    return measured(
        () -> {
          EventData data = encode(streamId, List.of(input.event()), input.expectedVersion()).get(0);
          return client
              .append(
                  streamId,
                  replyTo -> new StreamCommand.Append(data, input.expectedVersion(), replyTo))
              .thenApply(
                  stored ->
                      new AppendResult<>(
                          recorded(streamId, data, input.event(), stored.currentVersion(), stored),
                          stored.currentVersion()));
        });
  }

  @Override
  public CompletionStage<AppendBatchResult> appendBatch(AppendBatchInput input) {
    String streamId = input.streamId();
    return measured(
        () -> {
          List<EventData> data = encode(streamId, input.events(), input.expectedVersion());
          return client
              .append(
                  streamId,
                  replyTo -> new StreamCommand.AppendBatch(data, input.expectedVersion(), replyTo))
              .thenApply(stored -> batchResult(input, data, stored));
        });
  }

  private static AppendBatchResult batchResult(
      AppendBatchInput input, List<EventData> data, StreamReply.Appended stored) {
    long base = stored.currentVersion() - data.size();
    List<StreamDomainEvent<?>> events = new ArrayList<>(data.size());
    for (int i = 0; i < data.size(); i++) {
      events.add(
          recorded(input.streamId(), data.get(i), input.events().get(i), base + i + 1, stored));
    }
    return new AppendBatchResult(events, stored.currentVersion());
  }

  private static <T> StreamDomainEvent<T> recorded(
      String streamId,
      EventData data,
      NewEvent<T> event,
      long version,
      StreamReply.Appended stored) {
    return new StreamDomainEvent<>(
        data.id(),
        streamId,
        data.type(),
        version,
        stored.timestampMillis(),
        event.payload(),
        event.metadata());
  }

  private List<EventData> encode(
      String streamId, List<? extends NewEvent<?>> events, OptionalLong expectedVersion) {
    reject(streamId, limits.checkStreamId(streamId));
    reject(streamId, limits.checkExpectedVersion(expectedVersion));
    List<EventData> data = new ArrayList<>(events.size());
    for (NewEvent<?> event : events) {
      data.add(codec.encode(streamId, event));
    }
    reject(streamId, limits.checkEvents(data));
    return data;
  }

  @Override
  public CompletionStage<ReadStreamResult> readStream(String streamId, ReadStreamOptions options) {
    return checked(
        () -> {
          checkRead(streamId, options);
          int limit = Math.min(options.limit().orElse(maxReadEvents), maxReadEvents);
          return client
              .version(streamId, options.consistency())
              .thenCompose(
                  version ->
                      reader
                          .readPage(streamId, range(options, version), limit, Long.MAX_VALUE)
                          .thenApply(page -> readResult(streamId, page, version)))
              .exceptionally(
                  failure -> {
                    throw readFailure(streamId, failure);
                  });
        });
  }

  private ReadStreamResult readResult(String streamId, StreamReader.Page page, long version) {
    List<StreamDomainEvent<?>> events = new ArrayList<>(page.events().size());
    for (VersionedEvent event : page.events()) {
      events.addAll(codec.decode(streamId, event));
    }
    return new ReadStreamResult(events, page.continueFrom(), version);
  }

  @Override
  public Source<StreamDomainEvent<?>, NotUsed> streamEvents(
      String streamId, ReadStreamOptions options) {
    return Source.lazyCompletionStage(
            () ->
                checked(
                    () -> {
                      checkRead(streamId, options);
                      return client.version(streamId, options.consistency());
                    }))
        .flatMapConcat(version -> reader.read(streamId, range(options, version)))
        .take(options.limit().isPresent() ? options.limit().getAsInt() : Long.MAX_VALUE)
        .<StreamDomainEvent<?>>mapConcat(event -> codec.decode(streamId, event))
        .mapError(Throwable.class, failure -> readFailure(streamId, failure))
        .mapMaterializedValue(ignored -> NotUsed.getInstance());
  }

  @Override
  public CompletionStage<Long> getStreamVersion(String streamId, ReadConsistency consistency) {
    return checked(
        () -> {
          reject(streamId, limits.checkStreamId(streamId));
          return client.version(streamId, consistency);
        });
  }

  @Override
  public CompletionStage<Boolean> streamExists(String streamId, ReadConsistency consistency) {
    return checked(
        () -> {
          reject(streamId, limits.checkStreamId(streamId));
          return client.exists(streamId, consistency);
        });
  }

  private void checkRead(String streamId, ReadStreamOptions options) {
    reject(streamId, limits.checkStreamId(streamId));
    OptionalLong limit =
        options.limit().isPresent()
            ? OptionalLong.of(options.limit().getAsInt())
            : OptionalLong.empty();
    reject(streamId, limits.checkRange(options.fromVersion(), limit));
  }

  private static StreamReader.Range range(ReadStreamOptions options, long version) {
    return new StreamReader.Range(
        options.fromVersion(), Math.min(options.toVersion(), version), options.reverse());
  }

  private static void reject(String streamId, Optional<String> problem) {
    if (problem.isPresent()) {
      throw new RejectedException(streamId, "stream '%s': %s".formatted(streamId, problem.get()));
    }
  }

  /**
   * A failed stage rather than an exception, whatever is wrong with the input; and no wrapper
   * around our own exceptions.
   */
  private static <T> CompletionStage<T> checked(Supplier<CompletionStage<T>> operation) {
    return checked(operation, failure -> {});
  }

  /**
   * @param ended told of the failure, if any, before anybody else
   */
  private static <T> CompletionStage<T> checked(
      Supplier<CompletionStage<T>> operation, Consumer<@Nullable Throwable> ended) {
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      operation
          .get()
          .whenComplete(
              (value, failure) -> {
                if (failure == null) {
                  ended.accept(null);
                  result.complete(value);
                } else {
                  Throwable cause = unwrap(failure);
                  ended.accept(cause);
                  result.completeExceptionally(cause);
                }
              });
    } catch (EventStoreException rejected) {
      ended.accept(rejected);
      result.completeExceptionally(rejected);
    }
    return result;
  }

  private <T> CompletionStage<T> measured(Supplier<CompletionStage<T>> append) {
    long began = System.nanoTime();
    return checked(
        append,
        failure ->
            measurements.completed(Operation.APPEND, outcome(failure), System.nanoTime() - began));
  }

  private static Outcome outcome(@Nullable Throwable failure) {
    if (failure == null) {
      return Outcome.SUCCESS;
    } else if (failure instanceof RejectedException) {
      return Outcome.REJECTED;
    } else if (failure instanceof ConcurrencyException) {
      return Outcome.CONFLICT;
    }
    return failure instanceof UnavailableException ? Outcome.UNAVAILABLE : Outcome.UNKNOWN;
  }

  private static EventStoreException readFailure(String streamId, Throwable failure) {
    Throwable cause = unwrap(failure);
    if (cause instanceof EventStoreException known) {
      return known;
    }
    return cause instanceof SerializationException
        ? new RejectedException(streamId, String.valueOf(cause.getMessage()), cause)
        : new UnavailableException(
            streamId,
            "events of stream '%s' could not be read: %s".formatted(streamId, cause.getMessage()),
            cause);
  }

  private static Throwable unwrap(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
