// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.subscription;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.holdfast.eventstore.EventStoreException;
import io.holdfast.eventstore.FeedEvent;
import io.holdfast.eventstore.RejectedException;
import io.holdfast.eventstore.UnavailableException;
import io.holdfast.eventstore.UnknownOutcomeException;
import io.holdfast.eventstore.subscription.InstanceStatus.Lag;
import io.holdfast.eventstore.subscription.InstanceStatus.State;
import io.holdfast.feed.FeedOffset;
import io.holdfast.feed.ForeignOffsetException;
import io.holdfast.feed.ParkedEvent;
import io.holdfast.feed.SubscriptionStore;
import io.holdfast.feed.SubscriptionStore.Progress;
import io.holdfast.feed.SubscriptionStore.Subscription;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.ShardedDaemonProcessSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ShardedDaemonProcess;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A named consumer of the feed of all events, whose place is kept in Cassandra. Each of its
 * instances handles the events of a range of slices, one after the other in the order of the feed,
 * on some node of the cluster, one instance for each range.
 *
 * <p>Every event of the feed that the filter wants is handled at least once, or parked. What an
 * instance handled last may be handled again after a crash or a move, by the same handler or that
 * of another node. At its first delivery, an event comes after all earlier ones of its stream that
 * were not parked.
 *
 * <p>All methods act on the subscription as a whole, from whatever node, and last over restarts;
 * instances hear of it within {@code holdfast.subscription.poll-interval}, when their handler has
 * ended the event that it is at. Stages fail, unwrapped, with {@link RejectedException} if the
 * subscription could not be started, as {@link #started} does; with {@link UnavailableException} if
 * nothing was done; with {@link UnknownOutcomeException} if a change may be done or not: repeat it.
 * Thread-safe; nothing blocks.
 */
public final class DurableSubscription {
  private static final Logger LOG = LoggerFactory.getLogger(DurableSubscription.class);

  /** In place of a stream's id in exceptions. */
  private static final String ALL_STREAMS = "*";

  /** What waits for the start does so for longer than Cassandra is waited for. */
  private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

  private static final int MAX_COUNTED_LAG = 10_000;

  /** In place of a timestamp; the count ends there. */
  private static final long UNREADABLE = Long.MIN_VALUE;

  private final ActorSystem<?> system;
  private final Consumer consumer;
  private final CompletableFuture<DurableSubscription> started = new CompletableFuture<>();

  DurableSubscription(ActorSystem<?> system, Consumer consumer) {
    this.system = system;
    this.consumer = consumer;
  }

  /**
   * Begins to describe a subscription.
   *
   * @param name what its place is kept under, from 1 to 200 characters. What has the same name is
   *     the same subscription
   */
  public static DurableSubscriptionBuilder named(String name) {
    return new DurableSubscriptionBuilder(requireNonNull(name, "name"));
  }

  /** The name that the place is kept under. */
  public String name() {
    return consumer.name();
  }

  void start(FeedOffset from) {
    system
        .getWhenTerminated()
        .whenComplete(
            (done, failure) ->
                started.completeExceptionally(
                    new UnavailableException(
                        ALL_STREAMS,
                        "subscription '%s' is not started: its actor system has ended"
                            .formatted(name()))));
    register(from, 1);
  }

  private void register(FeedOffset from, int attempt) {
    if (started.isDone()) {
      return;
    }
    consumer
        .subscriptions()
        .register(name(), consumer.instances(), from)
        .whenComplete(
            (stored, failure) -> {
              try {
                if (failure == null) {
                  runInstances(stored);
                } else if (Consumer.causeOf(failure) instanceof ForeignOffsetException foreign) {
                  throw rejected(foreign);
                } else {
                  LOG.warn(
                      "Subscription '{}' cannot be started yet; it is tried again: {}",
                      name(),
                      Consumer.causeOf(failure).toString());
                  CompletableFuture.delayedExecutor(
                          consumer.settings().backoff(attempt).toMillis(), TimeUnit.MILLISECONDS)
                      .execute(() -> register(from, attempt + 1));
                }
              } catch (RuntimeException e) {
                LOG.error("Subscription '{}' is not started: {}", name(), e.getMessage());
                started.completeExceptionally(e);
              }
            });
  }

  private void runInstances(Subscription stored) {
    if (stored.instances() != consumer.instances()) {
      throw new RejectedException(
          ALL_STREAMS,
          ("subscription '%s' has %d instances, and cannot be started with %d: their slices, and so"
                  + " their places in the feed, are others. Start it with %d, or give the one with %d"
                  + " another name; that begins at its own from(…)")
              .formatted(
                  name(),
                  stored.instances(),
                  consumer.instances(),
                  stored.instances(),
                  consumer.instances()));
    }
    ShardedDaemonProcess.get(system)
        .init(
            SubscriptionInstance.Message.class,
            consumer.store().config() + "-subscription-" + URLEncoder.encode(name(), UTF_8),
            consumer.instances(),
            instance -> SubscriptionInstance.create(consumer, instance),
            ShardedDaemonProcessSettings.create(system),
            Optional.of(SubscriptionInstance.Step.STOP));
    started.complete(this);
  }

  /**
   * Completes when this node takes part: the subscription is stored, and its instances are started
   * where they do not run.
   *
   * @return this; fails with {@link RejectedException} if the subscription was started with another
   *     number of instances before, or is to begin at an offset of another store's feed. Where
   *     Cassandra does not answer, it is tried again, however long that takes
   */
  public CompletionStage<DurableSubscription> started() {
    return started.copy();
  }

  /** How each instance does. Counts what it has not handled, up to 10,000 events each. */
  public CompletionStage<SubscriptionStatus> status() {
    return read(
        () ->
            consumer
                .subscriptions()
                .read(name())
                .thenCompose(
                    wanted ->
                        forEachInstance(instance -> status(instance, wanted))
                            .thenApply(
                                all -> new SubscriptionStatus(name(), wanted.paused(), all))));
  }

  private CompletionStage<InstanceStatus> status(int instance, Subscription wanted) {
    return consumer
        .subscriptions()
        .progress(name(), instance)
        .thenCompose(
            said -> {
              Optional<Progress> known =
                  said.filter(progress -> progress.generation().equals(wanted.generation()));
              FeedOffset offset = known.map(Progress::offset).orElse(wanted.beginning());
              State state = said.map(this::state).orElse(State.UNKNOWN);
              boolean fails = state == State.RETRYING;
              return lag(instance, offset)
                  .thenCombine(
                      consumer.subscriptions().countParked(name(), instance),
                      (lag, parked) ->
                          new InstanceStatus(
                              instance,
                              consumer.slices().get(instance),
                              state,
                              offset,
                              fails ? said.orElseThrow().attempts() : 0,
                              fails
                                  ? Optional.ofNullable(said.orElseThrow().error())
                                  : Optional.empty(),
                              parked,
                              lag));
            });
  }

  private State state(Progress said) {
    State state = State.valueOf(said.state());
    Duration silent = Duration.between(said.at(), Instant.now());
    boolean isHeardOf =
        silent.compareTo(consumer.settings().heartbeatInterval().multipliedBy(3)) < 0;
    return isHeardOf || state == State.STOPPED ? state : State.UNKNOWN;
  }

  private CompletionStage<Lag> lag(int instance, FeedOffset offset) {
    return consumer
        .store()
        .readAll(consumer.filter(instance), offset)
        .take(MAX_COUNTED_LAG)
        .map(waiting -> waiting.event().timestamp())
        .recover(RejectedException.class, () -> UNREADABLE)
        .runFold(new Lag(0, false, Duration.ZERO), DurableSubscription::longer, system);
  }

  private static Lag longer(Lag lag, long timestamp) {
    int events = lag.events() + 1;
    if (timestamp == UNREADABLE) {
      return new Lag(events, true, lag.time());
    }
    return new Lag(
        events,
        events == MAX_COUNTED_LAG,
        events > 1
            ? lag.time()
            : Duration.ofMillis(Math.max(0, System.currentTimeMillis() - timestamp)));
  }

  /** Lets all instances rest, until {@link #resume}; pausing twice is pausing once. */
  public CompletionStage<Void> pause() {
    return change(() -> consumer.subscriptions().setPaused(name(), true));
  }

  /** Lets all instances go on where they were. */
  public CompletionStage<Void> resume() {
    return change(() -> consumer.subscriptions().setPaused(name(), false));
  }

  /**
   * Lets all instances begin anew at a place: at the beginning to rebuild what the handler builds,
   * which it must be ready for. A paused subscription stays paused. Parked events stay parked.
   */
  public CompletionStage<Void> reset(FeedOffset to) {
    requireNonNull(to, "to");
    return change(() -> consumer.subscriptions().reset(name(), to));
  }

  /** The events that were given up, in the order of instances, streams and versions. */
  public CompletionStage<List<ParkedEvent>> parked() {
    return read(this::readParked);
  }

  private CompletionStage<List<ParkedEvent>> readParked() {
    return forEachInstance(instance -> consumer.subscriptions().parked(name(), instance))
        .thenApply(lists -> lists.stream().flatMap(List::stream).toList());
  }

  /**
   * Hands all parked events to this node's handler once more, one after the other, and removes
   * those that it handles, and those that are no longer in their streams. Meanwhile the instances
   * go on with other events. May be repeated.
   */
  public CompletionStage<ReplayedEvents> replayParked() {
    return change(
        () ->
            readParked()
                .thenCompose(
                    parked ->
                        Source.from(parked)
                            .mapAsync(1, this::replay)
                            .runFold(
                                new ReplayedEvents(0, 0, 0), DurableSubscription::sum, system)));
  }

  private static ReplayedEvents sum(ReplayedEvents one, ReplayedEvents other) {
    return new ReplayedEvents(
        one.handled() + other.handled(), one.gone() + other.gone(), one.failed() + other.failed());
  }

  private CompletionStage<ReplayedEvents> replay(ParkedEvent parked) {
    return consumer
        .stored(parked.streamId(), parked.version(), parked.offset())
        .thenCompose(
            events ->
                events.isEmpty()
                    ? remove(parked, new ReplayedEvents(0, 1, 0))
                    : replay(parked, events))
        .exceptionallyCompose(
            failure ->
                Consumer.causeOf(failure) instanceof RejectedException unreadable
                    ? CompletableFuture.completedFuture(stays(parked, unreadable))
                    : CompletableFuture.failedFuture(failure));
  }

  private CompletionStage<ReplayedEvents> replay(ParkedEvent parked, List<FeedEvent> events) {
    return consumer
        .handleAll(events)
        .handle((done, failure) -> Optional.ofNullable(failure))
        .thenCompose(
            failure -> {
              if (failure.isEmpty()) {
                return remove(parked, new ReplayedEvents(1, 0, 0));
              }
              return CompletableFuture.completedFuture(stays(parked, failure.get()));
            });
  }

  private ReplayedEvents stays(ParkedEvent parked, Throwable failure) {
    LOG.warn(
        "Subscription '{}' failed again at event {} of stream '{}', which stays parked",
        name(),
        parked.version(),
        parked.streamId(),
        Consumer.causeOf(failure));
    return new ReplayedEvents(0, 0, 1);
  }

  private CompletionStage<ReplayedEvents> remove(ParkedEvent parked, ReplayedEvents result) {
    return consumer.subscriptions().removeParked(name(), parked).thenApply(done -> result);
  }

  /** Removes a parked event that is not to be handled any more. */
  public CompletionStage<Void> discardParked(ParkedEvent event) {
    requireNonNull(event, "event");
    return change(() -> consumer.subscriptions().removeParked(name(), event));
  }

  /** What there is for each instance, asked for at the same time, by their numbers. */
  private <T> CompletionStage<List<T>> forEachInstance(IntFunction<CompletionStage<T>> question) {
    List<CompletableFuture<T>> asked = new ArrayList<>();
    for (int instance = 0; instance < consumer.instances(); instance++) {
      asked.add(question.apply(instance).toCompletableFuture());
    }
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .thenApply(done -> asked.stream().map(CompletableFuture::join).toList());
  }

  private <T> CompletionStage<T> read(Supplier<CompletionStage<T>> operation) {
    return afterStart(operation, false);
  }

  private <T> CompletionStage<T> change(Supplier<CompletionStage<T>> operation) {
    return afterStart(operation, true);
  }

  private <T> CompletionStage<T> afterStart(
      Supplier<CompletionStage<T>> operation, boolean isChange) {
    CompletableFuture<T> result = new CompletableFuture<>();
    CompletionStage<DurableSubscription> ready =
        started.copy().orTimeout(START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    ready.whenComplete(
        (done, failure) -> {
          if (failure == null) {
            finish(result, operation, isChange);
          } else {
            result.completeExceptionally(
                failure instanceof TimeoutException
                    ? notStarted(failure)
                    : failed(Consumer.causeOf(failure), false));
          }
        });
    return result;
  }

  private <T> void finish(
      CompletableFuture<T> result, Supplier<CompletionStage<T>> operation, boolean isChange) {
    try {
      operation
          .get()
          .whenComplete(
              (value, failure) -> {
                if (failure == null) {
                  result.complete(value);
                } else {
                  result.completeExceptionally(failed(Consumer.causeOf(failure), isChange));
                }
              });
    } catch (RuntimeException e) {
      result.completeExceptionally(failed(e, false));
    }
  }

  private RejectedException rejected(ForeignOffsetException foreign) {
    return new RejectedException(
        ALL_STREAMS, "subscription '%s': %s".formatted(name(), foreign.getMessage()), foreign);
  }

  private UnavailableException notStarted(Throwable failure) {
    return new UnavailableException(
        ALL_STREAMS,
        "subscription '%s' is not started yet: Cassandra cannot be reached, as the log says"
            .formatted(name()),
        failure);
  }

  private EventStoreException failed(Throwable cause, boolean isChange) {
    if (cause instanceof EventStoreException known) {
      return known;
    }
    if (cause instanceof ForeignOffsetException foreign) {
      return rejected(foreign);
    }
    String message = "subscription '%s': %s".formatted(name(), cause);
    return isChange && SubscriptionStore.mayHaveTakenEffect(cause)
        ? new UnknownOutcomeException(ALL_STREAMS, message, cause)
        : new UnavailableException(ALL_STREAMS, message, cause);
  }
}
