// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import static java.util.Objects.requireNonNull;

import io.holdfast.eventstore.entity.KeptEvents;
import io.holdfast.eventstore.entity.StreamEntitySettings;
import io.holdfast.eventstore.entity.StreamLimits;
import io.holdfast.eventstore.entity.Streams;
import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.eventstore.protocol.ReadConsistency;
import io.holdfast.eventstore.protocol.StreamChange;
import io.holdfast.eventstore.protocol.StreamMetadata;
import io.holdfast.eventstore.protocol.StreamReply;
import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedOffset;
import io.holdfast.metrics.Measurements;
import io.holdfast.metrics.Operation;
import io.holdfast.metrics.Outcome;
import io.holdfast.query.OneByOne;
import io.holdfast.query.StreamReader;
import io.holdfast.query.StreamReader.FeedItem;
import io.holdfast.query.StreamReader.VersionedEvent;
import io.holdfast.serialization.EventData;
import io.holdfast.serialization.SerializationException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.RestartSettings;
import org.apache.pekko.stream.javadsl.RestartSource;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/**
 * The event store over streams, wherever they are: checks and serializes at the caller's edge, asks
 * the stream until its answer is certain, and reads.
 */
final class StreamEventStore implements EventStore {
  /** The most streams that are asked at a time by one call. */
  private static final int CONCURRENT_QUESTIONS = 64;

  /** In place of a stream's id, where a failure is of no single one. */
  private static final String ALL_STREAMS = "*";

  private final String config;
  private final Streams streams;
  private final RestartSettings restarts;
  private final EventCodec codec;
  private final InstantSource clock;
  private final @Nullable Measurements measurements;
  private final StreamLimits limits;
  private final int maxReadEvents;
  private final Duration appendTimeout;
  private final StreamChanges changes;

  /**
   * @param measurements {@code null} to measure nothing
   */
  StreamEventStore(
      Streams streams,
      EventCodec codec,
      InstantSource clock,
      @Nullable Measurements measurements,
      StreamEntitySettings settings) {
    this.config = settings.store();
    this.streams = streams;
    this.restarts =
        RestartSettings.create(Duration.ofMillis(100), Duration.ofSeconds(5), 0.2)
            .withRestartOn(this::mayPass);
    this.codec = codec;
    this.clock = clock;
    this.measurements = measurements;
    this.limits = settings.limits();
    this.maxReadEvents = settings.maxReadEvents();
    this.appendTimeout = settings.appendTimeout();
    this.changes = new StreamChanges(streams, settings.appendTimeout());
  }

  @Override
  public String config() {
    return config;
  }

  @Override
  public <T> CompletionStage<AppendResult<T>> append(AppendEventInput<T> input) {
    return stored(
        tryAppend(input),
        stored -> {
          StreamDomainEvent<?> event = stored.events().get(0);
          return new AppendResult<>(
              event.withPayload(input.event().payload()), stored.currentVersion());
        });
  }

  @Override
  public CompletionStage<AppendBatchResult> appendBatch(AppendBatchInput input) {
    return stored(
        tryAppend(input),
        stored -> new AppendBatchResult(stored.events(), stored.currentVersion()));
  }

  /** What fails, fails with our exception, and no wrapper around it. */
  private static <T> CompletionStage<T> stored(
      CompletionStage<AppendOutcome> outcome, Function<AppendOutcome.Stored, T> answer) {
    CompletableFuture<T> result = new CompletableFuture<>();
    outcome.whenComplete(
        (done, failure) -> {
          if (done instanceof AppendOutcome.Stored stored) {
            result.complete(answer.apply(stored));
          } else {
            result.completeExceptionally(
                done instanceof AppendOutcome.Refused refused ? refused.exception() : failure);
          }
        });
    return result;
  }

  @Override
  public CompletionStage<AppendOutcome> tryAppend(AppendEventInput<?> input) {
    requireNonNull(input, "input");
    return tryAppend(input.streamId(), List.of(input.event()), input.expectedVersion());
  }

  @Override
  public CompletionStage<AppendOutcome> tryAppend(AppendBatchInput input) {
    requireNonNull(input, "input");
    return tryAppend(input.streamId(), input.events(), input.expectedVersion());
  }

  private CompletionStage<AppendOutcome> tryAppend(
      String streamId, List<? extends NewEvent<?>> events, ExpectedVersion expectedVersion) {
    long began = System.nanoTime();
    List<EventData> data;
    try {
      data = encode(streamId, events, expectedVersion);
    } catch (EventStoreException rejected) {
      return CompletableFuture.completedFuture(ended(AppendOutcome.of(rejected), began));
    }
    boolean ownIds = events.stream().allMatch(event -> event.id() == null);
    return UntilKnown.<StreamReply.ToAppend>ask(
            streamId,
            repeated -> streams.append(streamId, data, expectedVersion, ownIds && !repeated),
            unknown -> unknown,
            streams::hasEnded,
            appendTimeout)
        .thenApply(answer -> ended(outcome(streamId, events, data, ownIds, answer.reply()), began));
  }

  private static AppendOutcome outcome(
      String streamId,
      List<? extends NewEvent<?>> events,
      List<EventData> data,
      boolean ownIds,
      StreamReply.ToAppend reply) {
    if (reply instanceof StreamReply.Appended appended) {
      long base = appended.currentVersion() - data.size();
      List<StreamDomainEvent<?>> recorded = new ArrayList<>(data.size());
      for (int i = 0; i < data.size(); i++) {
        recorded.add(
            new StreamDomainEvent<>(
                data.get(i).id(),
                streamId,
                data.get(i).type(),
                base + i + 1,
                appended.timestampMillis(),
                events.get(i).payload(),
                events.get(i).metadata()));
      }
      return new AppendOutcome.Appended(recorded, appended.currentVersion());
    } else if (reply instanceof StreamReply.AlreadyAppended already) {
      List<StreamDomainEvent<?>> recorded = new ArrayList<>(data.size());
      for (int i = 0; i < data.size(); i++) {
        StreamReply.EventAt at = already.events().get(i);
        recorded.add(
            new StreamDomainEvent<>(
                data.get(i).id(),
                streamId,
                data.get(i).type(),
                at.version(),
                at.event().timestampMillis(),
                events.get(i).payload(),
                MetadataJson.read(at.event().data().metadata())));
      }
      long version = recorded.get(recorded.size() - 1).version();
      // Ids that were drawn for this append were stored by nobody else.
      return ownIds
          ? new AppendOutcome.Appended(recorded, version)
          : new AppendOutcome.AlreadyAppended(recorded, version);
    }
    return AppendOutcome.of(Refusals.of(streamId, reply));
  }

  private AppendOutcome ended(AppendOutcome outcome, long began) {
    if (measurements != null) {
      measurements.completed(Operation.APPEND, measured(outcome), System.nanoTime() - began);
    }
    return outcome;
  }

  private static Outcome measured(AppendOutcome outcome) {
    if (outcome instanceof AppendOutcome.Stored) {
      return Outcome.SUCCESS;
    } else if (outcome instanceof AppendOutcome.Rejected) {
      return Outcome.REJECTED;
    } else if (outcome instanceof AppendOutcome.Conflict) {
      return Outcome.CONFLICT;
    }
    return outcome instanceof AppendOutcome.Unknown ? Outcome.UNKNOWN : Outcome.UNAVAILABLE;
  }

  private List<EventData> encode(
      String streamId, List<? extends NewEvent<?>> events, ExpectedVersion expectedVersion) {
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
    requireNonNull(streamId, "streamId");
    requireNonNull(options, "options");
    return checked(
        () -> {
          checkRead(streamId, options);
          int limit = Math.min(options.limit().orElse(maxReadEvents), maxReadEvents);
          return info(streamId, options.consistency())
              .thenCompose(
                  info ->
                      streams
                          .readPage(streamId, range(options, info), limit)
                          .thenApply(page -> readResult(streamId, page, info.version())))
              .exceptionally(
                  failure -> {
                    throw readFailure(streamId, failure);
                  });
        });
  }

  private ReadStreamResult readResult(String streamId, StreamReader.Page page, long version) {
    List<StreamDomainEvent<?>> events = new ArrayList<>(page.events().size());
    for (VersionedEvent event : page.events()) {
      events.addAll(codec.decode(streamId, event, null));
    }
    return new ReadStreamResult(events, page.continueFrom(), version);
  }

  @Override
  public CompletionStage<Optional<StreamDomainEvent<?>>> readLastEvent(
      String streamId, ReadConsistency consistency) {
    requireNonNull(consistency, "consistency");
    ReadStreamOptions last = ReadStreamOptions.all().reversed().limit(1).consistency(consistency);
    return checked(
        () ->
            readStream(streamId, last)
                .thenApply(
                    read ->
                        read.events().isEmpty()
                            ? Optional.empty()
                            : Optional.of(read.events().get(read.events().size() - 1))));
  }

  @Override
  public Source<StreamDomainEvent<?>, NotUsed> streamEvents(
      String streamId, ReadStreamOptions options) {
    requireNonNull(streamId, "streamId");
    requireNonNull(options, "options");
    long limit = options.limit().isPresent() ? options.limit().getAsInt() : Long.MAX_VALUE;
    return decoded(
        streamId,
        streams
            .read(
                streamId,
                () ->
                    checked(
                        () -> {
                          checkRead(streamId, options);
                          return info(streamId, options.consistency())
                              .thenApply(info -> range(options, info).first(limit));
                        }))
            .take(limit));
  }

  @Override
  public Source<StreamDomainEvent<?>, NotUsed> subscribeToStream(
      String streamId, long fromVersion) {
    requireNonNull(streamId, "streamId");
    return decoded(
        streamId,
        Source.lazySource(() -> new Subscribed(streamId, fromVersion).events())
            .mapMaterializedValue(ignored -> NotUsed.getInstance()));
  }

  /** One run of a subscription, which goes on where it was if storage fails meanwhile. */
  private final class Subscribed {
    private final String streamId;
    private final long fromVersion;
    private volatile boolean begun;
    private volatile long next;
    private volatile long oldestMillis;

    Subscribed(String streamId, long fromVersion) {
      this.streamId = streamId;
      this.fromVersion = fromVersion;
    }

    Source<VersionedEvent, NotUsed> events() {
      return RestartSource.onFailuresWithBackoff(
              restarts.withRestartOn(failure -> begun && mayPass(failure)),
              () -> streams.live(streamId, this::next))
          .map(
              event -> {
                next = event.version() + 1;
                return event;
              })
          .filter(event -> event.event().timestampMillis() >= oldestMillis);
    }

    private CompletionStage<Long> next() {
      return begun ? CompletableFuture.completedFuture(next) : checked(this::begin);
    }

    private CompletionStage<Long> begin() {
      reject(streamId, limits.checkStreamId(streamId));
      reject(streamId, limits.checkRange(fromVersion, OptionalLong.empty()));
      return info(streamId, ReadConsistency.OWNER)
          .thenApply(
              info -> {
                next = Math.max(fromVersion, KeptEvents.firstVersion(info));
                oldestMillis = KeptEvents.oldestMillis(info.metadata(), clock.instant());
                begun = true;
                return next;
              });
    }
  }

  private Source<StreamDomainEvent<?>, NotUsed> decoded(
      String streamId, Source<VersionedEvent, NotUsed> events) {
    return events
        .via(new OneByOne<>((VersionedEvent event) -> codec.decode(streamId, event, null)))
        .mapError(Throwable.class, failure -> readFailure(streamId, failure));
  }

  @Override
  public Source<FeedEvent, NotUsed> subscribeAll(FeedFilter filter, FeedOffset from) {
    requireNonNull(filter, "filter");
    requireNonNull(from, "from");
    Source<FeedItem, NotUsed> items =
        Source.lazyCompletionStageSource(
                () -> {
                  // Where nothing is to be found out, it begins whenever storage can be used.
                  CompletionStage<FeedOffset> begin =
                      from.isKnown() ? CompletableFuture.completedFuture(from) : streams.find(from);
                  return begin.thenApply(offset -> subscribed(filter, offset));
                })
            .mapMaterializedValue(ignored -> NotUsed.getInstance());
    return decoded(items);
  }

  /** Goes on where it was if storage fails meanwhile. */
  private Source<FeedItem, NotUsed> subscribed(FeedFilter filter, FeedOffset begin) {
    AtomicReference<FeedOffset> next = new AtomicReference<>(begin);
    return RestartSource.onFailuresWithBackoff(
            restarts, () -> streams.subscribeAll(filter, requireNonNull(next.get())))
        .map(
            item -> {
              next.set(item.offset());
              return item;
            });
  }

  @Override
  public Source<FeedEvent, NotUsed> readAll(FeedFilter filter, FeedOffset from) {
    requireNonNull(filter, "filter");
    requireNonNull(from, "from");
    return decoded(streams.readAll(filter, from));
  }

  @Override
  public CompletionStage<FeedOffset> findOffset(FeedOffset from) {
    requireNonNull(from, "from");
    return checked(
        () ->
            CompletableFuture.completedFuture(from)
                .thenCompose(streams::find)
                .exceptionally(
                    failure -> {
                      throw readFailure(ALL_STREAMS, failure);
                    }));
  }

  private Source<FeedEvent, NotUsed> decoded(Source<FeedItem, NotUsed> items) {
    return items
        .via(
            new OneByOne<FeedItem, FeedEvent>(
                item ->
                    FeedEvent.sharing(
                        item.offset(), codec.decode(item.streamId(), item.event(), item.offset()))))
        .mapError(Throwable.class, failure -> readFailure(ALL_STREAMS, failure));
  }

  @Override
  public CompletionStage<Long> getStreamVersion(String streamId, ReadConsistency consistency) {
    return checkedInfo(streamId, consistency, StreamReply.Info::version);
  }

  @Override
  public CompletionStage<Boolean> streamExists(String streamId, ReadConsistency consistency) {
    return checkedInfo(streamId, consistency, StreamReply.Info::exists);
  }

  @Override
  public CompletionStage<StreamInfo> getStreamInfo(String streamId, ReadConsistency consistency) {
    return checkedInfo(streamId, consistency, info -> described(streamId, info));
  }

  private static StreamInfo described(String streamId, StreamReply.Info info) {
    return new StreamInfo(
        streamId, info.version(), KeptEvents.firstVersion(info), info.closed(), info.metadata());
  }

  @Override
  public CompletionStage<Map<String, Long>> getStreamVersions(
      Collection<String> streamIds, ReadConsistency consistency) {
    LinkedHashSet<String> ids = new LinkedHashSet<>(requireNonNull(streamIds, "streamIds"));
    for (String id : ids) {
      requireNonNull(id, "streamIds: one of them");
    }
    requireNonNull(consistency, "consistency");
    return checked(
        () -> {
          for (String id : ids) {
            reject(id, limits.checkStreamId(id));
          }
          return versions(ids.iterator(), consistency, new LinkedHashMap<>());
        });
  }

  private CompletionStage<Map<String, Long>> versions(
      Iterator<String> ids, ReadConsistency consistency, Map<String, Long> found) {
    Map<String, CompletableFuture<Long>> asked = new LinkedHashMap<>();
    while (ids.hasNext() && asked.size() < CONCURRENT_QUESTIONS) {
      String id = ids.next();
      asked.put(
          id, info(id, consistency).thenApply(StreamReply.Info::version).toCompletableFuture());
    }
    return CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new))
        .thenCompose(
            done -> {
              asked.forEach((id, version) -> found.put(id, version.join()));
              return ids.hasNext()
                  ? versions(ids, consistency, found)
                  : CompletableFuture.completedFuture(found);
            });
  }

  @Override
  public CompletionStage<StreamInfo> truncateStream(String streamId, long beforeVersion) {
    return change(streamId, new StreamChange.Truncate(beforeVersion), ExpectedVersion.any());
  }

  @Override
  public CompletionStage<StreamInfo> deleteStream(
      String streamId, ExpectedVersion expectedVersion) {
    return change(streamId, new StreamChange.Delete(), expectedVersion);
  }

  @Override
  public CompletionStage<StreamInfo> closeStream(String streamId, ExpectedVersion expectedVersion) {
    return change(streamId, new StreamChange.Close(), expectedVersion);
  }

  @Override
  public CompletionStage<StreamInfo> setStreamMetadata(String streamId, StreamMetadata metadata) {
    return change(
        streamId,
        new StreamChange.SetMetadata(metadata, OptionalLong.empty()),
        ExpectedVersion.any());
  }

  @Override
  public CompletionStage<Void> ready() {
    return UntilReady.ask(streams, appendTimeout, config + ".event-store.append-timeout");
  }

  private CompletionStage<StreamInfo> change(
      String streamId, StreamChange change, ExpectedVersion expectedVersion) {
    requireNonNull(streamId, "streamId");
    requireNonNull(expectedVersion, "expectedVersion");
    return checked(
        () -> {
          reject(streamId, limits.checkStreamId(streamId));
          reject(streamId, limits.checkExpectedVersion(expectedVersion));
          reject(streamId, limits.checkChange(change));
          return changes
              .change(streamId, change, expectedVersion)
              .thenApply(
                  reply -> {
                    if (reply instanceof StreamReply.Info info) {
                      return described(streamId, info);
                    }
                    throw Refusals.of(streamId, reply);
                  });
        });
  }

  private <T> CompletionStage<T> checkedInfo(
      String streamId, ReadConsistency consistency, Function<StreamReply.Info, T> answer) {
    requireNonNull(streamId, "streamId");
    requireNonNull(consistency, "consistency");
    return checked(
        () -> {
          reject(streamId, limits.checkStreamId(streamId));
          return info(streamId, consistency).thenApply(answer);
        });
  }

  private CompletionStage<StreamReply.Info> info(String streamId, ReadConsistency consistency) {
    return streams
        .info(streamId, consistency)
        .handle(
            (reply, failure) -> {
              if (reply instanceof StreamReply.Info info) {
                return info;
              }
              throw failure == null
                  ? Refusals.of(streamId, reply)
                  : noAnswer(streamId, unwrap(failure));
            });
  }

  private static EventStoreException noAnswer(String streamId, Throwable failure) {
    return new UnavailableException(
        streamId,
        failure instanceof TimeoutException
            ? "stream '%s' gave no answer in time".formatted(streamId)
            : "stream '%s' could not be asked: %s".formatted(streamId, failure.getMessage()),
        failure);
  }

  private void checkRead(String streamId, ReadStreamOptions options) {
    reject(streamId, limits.checkStreamId(streamId));
    OptionalLong limit =
        options.limit().isPresent()
            ? OptionalLong.of(options.limit().getAsInt())
            : OptionalLong.empty();
    reject(streamId, limits.checkRange(options.fromVersion(), limit));
  }

  private StreamReader.Range range(ReadStreamOptions options, StreamReply.Info info) {
    return KeptEvents.range(
        info, options.fromVersion(), options.toVersion(), options.reverse(), clock.instant());
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
  private static <T> CompletableFuture<T> checked(Supplier<CompletionStage<T>> operation) {
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      operation
          .get()
          .whenComplete(
              (value, failure) -> {
                if (failure == null) {
                  result.complete(value);
                } else {
                  result.completeExceptionally(unwrap(failure));
                }
              });
    } catch (EventStoreException rejected) {
      result.completeExceptionally(rejected);
    }
    return result;
  }

  private boolean mayPass(Throwable failure) {
    return !isFinal(unwrap(failure)) && !streams.hasEnded();
  }

  private static EventStoreException readFailure(String streamId, Throwable failure) {
    Throwable cause = unwrap(failure);
    if (cause instanceof EventStoreException known) {
      return known;
    }
    if (StreamReader.isOverload(cause)) {
      return new OverloadedException(streamId, String.valueOf(cause.getMessage()));
    }
    boolean isWrong =
        cause instanceof SerializationException || cause instanceof IllegalArgumentException;
    return isWrong
        ? new RejectedException(streamId, String.valueOf(cause.getMessage()), cause)
        : new UnavailableException(
            streamId,
            "events of stream '%s' could not be read: %s".formatted(streamId, cause.getMessage()),
            cause);
  }

  private static boolean isFinal(Throwable failure) {
    return failure instanceof IllegalStateException || failure instanceof IllegalArgumentException;
  }

  /** What a stage failed with, without the wrapper that dependent stages put around it. */
  static Throwable unwrap(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
