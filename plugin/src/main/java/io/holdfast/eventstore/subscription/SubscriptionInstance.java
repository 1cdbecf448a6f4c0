// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.subscription;

import static java.util.Objects.requireNonNull;

import io.holdfast.eventstore.UnreadableEventException;
import io.holdfast.eventstore.subscription.InstanceStatus.State;
import io.holdfast.feed.FeedOffset;
import io.holdfast.feed.ParkedEvent;
import io.holdfast.feed.SubscriptionStore;
import io.holdfast.feed.SubscriptionStore.Progress;
import io.holdfast.feed.SubscriptionStore.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.KillSwitch;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.jspecify.annotations.Nullable;
import scala.PartialFunction;

/**
 * An instance of a durable subscription: takes its row over, reads the feed from the offset in it,
 * hands event after event to the handler, and keeps the offset.
 *
 * <p>The source is open while the instance is to run; each opening has a number, and what comes of
 * an earlier one is ignored. It delivers an event and waits until that is handled or parked, and
 * the offset kept where that is due. An event that cannot be read ends the source; it is read anew
 * as often as another one is handed over, then parked, and the source opened behind it. At most one
 * call of the handler is under way, whatever becomes of the source: it is opened anew when the call
 * has ended. The offset is kept on the condition that the row is still this instance's, by an id of
 * its own; one that was superseded learns so with the next offset or heartbeat, and stops.
 */
final class SubscriptionInstance extends AbstractBehavior<SubscriptionInstance.Message> {
  private static final int MAX_ERROR_LENGTH = 1_000;

  private static final PartialFunction<Throwable, Delivery> UNREADABLE =
      new PFBuilder<Throwable, Delivery>()
          .match(
              UnreadableEventException.class,
              failure -> failure.offset().isPresent(),
              failure -> new Delivery.Unreadable(failure, failure.offset().orElseThrow()))
          .build();

  /** What comes to an instance; nothing of it is sent over the network. */
  sealed interface Message {}

  /** What it does at a time, or anew after a failure of storage. */
  enum Step implements Message {
    TAKE,
    POLL,
    CHECKPOINT,
    OPEN,
    ATTEMPT,
    PARK,
    STOP
  }

  private record Taken(Subscription wanted, Optional<Progress> progress) implements Message {}

  private record Polled(Subscription wanted) implements Message {}

  private record Delivered(int opening, Delivery delivery, CompletableFuture<Done> done)
      implements Message {}

  private record Attempted(@Nullable Throwable failure) implements Message {}

  private record Parked(Delivered event) implements Message {}

  /**
   * @param upTo how many events were handled when the offset was sent
   */
  private record Kept(boolean isOwner, long upTo) implements Message {}

  private record Closed(int opening, @Nullable Throwable failure) implements Message {}

  private record StorageFailed(Step step, Throwable failure) implements Message {}

  private final Consumer consumer;
  private final SubscriptionStore store;
  private final SubscriptionSettings settings;
  private final int instance;
  private final TimerScheduler<Message> timers;
  private final UUID owner = SubscriptionStore.newOwner();

  private @Nullable UUID generation;
  private FeedOffset offset = FeedOffset.beginning();
  private boolean paused;

  private State state = State.RUNNING;
  private int attempts;
  private @Nullable String error;
  private int storageFailures;
  private boolean polling;

  private int opening;
  private int closings;
  private @Nullable KillSwitch source;
  private @Nullable Delivered current;
  private boolean calling;

  /** An event that is handled, but lets the next one wait until the offset is kept. */
  private @Nullable CompletableFuture<Done> waiting;

  private long handled;
  private long kept;
  private boolean keeping;
  private boolean keepAgain;
  private long lastKept = System.nanoTime();
  private boolean stopping;

  private SubscriptionInstance(
      ActorContext<Message> context,
      TimerScheduler<Message> timers,
      Consumer consumer,
      int instance) {
    super(context);
    this.consumer = consumer;
    this.store = consumer.subscriptions();
    this.settings = consumer.settings();
    this.instance = instance;
    this.timers = timers;
    take();
  }

  static Behavior<Message> create(Consumer consumer, int instance) {
    return Behaviors.withTimers(
        timers ->
            Behaviors.setup(
                context -> new SubscriptionInstance(context, timers, consumer, instance)));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Step.class, this::onStep)
        .onMessage(Taken.class, this::onTaken)
        .onMessage(Polled.class, this::onPolled)
        .onMessage(Delivered.class, this::onDelivered)
        .onMessage(Attempted.class, this::onAttempted)
        .onMessage(Parked.class, this::onParked)
        .onMessage(Kept.class, this::onKept)
        .onMessage(Closed.class, this::onClosed)
        .onMessage(StorageFailed.class, this::onStorageFailed)
        .onSignal(PostStop.class, signal -> onPostStop())
        .build();
  }

  private Behavior<Message> onStep(Step step) {
    switch (step) {
      case TAKE -> take();
      case POLL -> poll();
      case CHECKPOINT -> checkpoint();
      case OPEN -> {
        return proceed();
      }
      case ATTEMPT -> attempt();
      case PARK -> park();
      case STOP -> {
        return stop();
      }
    }
    return this;
  }

  private <T> void ask(Step step, CompletionStage<T> question, Function<T, Message> answer) {
    getContext()
        .pipeToSelf(
            question,
            (value, failure) ->
                failure == null ? answer.apply(value) : new StorageFailed(step, failure));
  }

  private Behavior<Message> onStorageFailed(StorageFailed failed) {
    Step step = failed.step();
    String cause = Consumer.causeOf(failed.failure()).toString();
    if (step == Step.POLL) {
      polling = false;
      getContext().getLog().debug("Subscription '{}': {}", consumer.name(), cause);
      return this;
    }
    storageFailures++;
    getContext()
        .getLog()
        .warn(
            "Instance {} of subscription '{}' failed at {}; it is tried again: {}",
            instance,
            consumer.name(),
            step,
            cause);
    if (step == Step.CHECKPOINT) {
      keeping = false;
      if (stopping) {
        return Behaviors.stopped();
      }
      keepAgain = true;
    }
    timers.startSingleTimer("again-" + step, step, settings.backoff(storageFailures));
    return this;
  }

  // Whose row it is, and what is wanted

  private void take() {
    String name = consumer.name();
    ask(
        Step.TAKE,
        store
            .take(name, instance, owner)
            .thenCompose(
                progress -> store.read(name).thenApply(wanted -> new Taken(wanted, progress))),
        taken -> taken);
  }

  private Behavior<Message> onTaken(Taken taken) {
    storageFailures = 0;
    Subscription wanted = taken.wanted();
    generation = wanted.generation();
    paused = wanted.paused();
    offset =
        taken
            .progress()
            .filter(progress -> progress.generation().equals(wanted.generation()))
            .map(Progress::offset)
            .orElse(wanted.beginning());
    timers.startTimerWithFixedDelay(Step.POLL, Step.POLL, settings.pollInterval());
    timers.startTimerWithFixedDelay(
        Step.CHECKPOINT, Step.CHECKPOINT, settings.checkpointInterval());
    return proceed();
  }

  /** One at a time, so that nothing older follows what is newer. */
  private void poll() {
    if (!polling) {
      polling = true;
      ask(Step.POLL, store.read(consumer.name()), Polled::new);
    }
  }

  private Behavior<Message> onPolled(Polled polled) {
    Subscription wanted = polled.wanted();
    polling = false;
    if (stopping) {
      return this;
    }
    if (!wanted.generation().equals(generation)) {
      close();
      current = null; // What it does may end well, but counts no more.
      generation = wanted.generation();
      offset = wanted.beginning();
      paused = wanted.paused();
      return proceed();
    } else if (wanted.paused() != paused) {
      paused = wanted.paused();
      if (paused) {
        close();
      }
      return proceed();
    }
    return this;
  }

  // The source

  /** Goes on as is wanted, once nothing of what was wanted before is under way. */
  private Behavior<Message> proceed() {
    if (calling || source != null || timers.isTimerActive(Step.OPEN)) {
      return this;
    }
    attempts = 0;
    error = null;
    if (stopping) {
      state = State.STOPPED;
    } else if (paused) {
      state = State.PAUSED;
    } else {
      state = State.RUNNING;
      open();
    }
    keep();
    return this;
  }

  private void open() {
    ActorRef<Message> self = getContext().getSelf();
    int number = ++opening;
    try {
      source =
          consumer
              .store()
              .subscribeAll(consumer.filter(instance), offset)
              .<Delivery>map(Delivery.Given::new)
              // In its place behind the events before it, which a failure would overtake.
              .recover(UNREADABLE)
              .mapAsync(
                  1,
                  delivery -> {
                    CompletableFuture<Done> done = new CompletableFuture<>();
                    self.tell(new Delivered(number, delivery, done));
                    return done;
                  })
              .viaMat(KillSwitches.single(), Keep.right())
              .to(
                  Sink.onComplete(
                      end ->
                          self.tell(
                              new Closed(number, end.isFailure() ? end.failed().get() : null))))
              .run(getContext().getSystem());
    } catch (RuntimeException e) {
      self.tell(new Closed(number, e));
    }
  }

  /** What the handler is at goes on; an event that waits to be tried again is dropped. */
  private void close() {
    opening++;
    if (source != null) {
      source.shutdown();
      source = null;
    }
    timers.cancel(Step.ATTEMPT);
    timers.cancel(Step.OPEN);
    waiting = null;
    if (!calling) {
      current = null;
    }
  }

  private Behavior<Message> onClosed(Closed closed) {
    if (closed.opening() != opening) {
      return this;
    }
    Throwable failure = closed.failure();
    close();
    failing(++closings, failure == null ? new IllegalStateException("the feed ended") : failure);
    timers.startSingleTimer(Step.OPEN, Step.OPEN, settings.backoff(closings));
    return this;
  }

  private void failing(int failures, Throwable failure) {
    state = State.RETRYING;
    attempts = failures;
    error = text(failure);
    keep();
  }

  private static String text(Throwable failure) {
    String text = Consumer.causeOf(failure).toString();
    return text.substring(0, Math.min(text.length(), MAX_ERROR_LENGTH));
  }

  // One event

  private Behavior<Message> onDelivered(Delivered delivered) {
    if (delivered.opening() == opening) {
      current = delivered;
      attempts = 0;
      closings = 0;
      attempt();
    }
    return this;
  }

  private void attempt() {
    Delivered event = current;
    if (event != null && !calling) {
      calling = true;
      getContext()
          .pipeToSelf(consumer.handle(event.delivery()), (done, failure) -> new Attempted(failure));
    }
  }

  private Behavior<Message> onAttempted(Attempted attempted) {
    calling = false;
    Delivered event = current;
    Throwable failure = attempted.failure();
    if (event == null) {
      return proceed();
    } else if (failure == null) {
      return pass(event);
    } else if (event.opening() != opening) {
      current = null;
      return proceed();
    }
    failing(attempts + 1, failure);
    if (attempts < settings.maxAttempts()) {
      timers.startSingleTimer(Step.ATTEMPT, Step.ATTEMPT, settings.backoff(attempts));
    } else {
      park();
    }
    return this;
  }

  private void park() {
    Delivered event = current;
    if (event == null || attempts < settings.maxAttempts()) {
      return;
    }
    Delivery given = event.delivery();
    getContext()
        .getLog()
        .warn(
            "Instance {} of subscription '{}' parks event {} of stream '{}' after {} attempts: {}",
            instance,
            consumer.name(),
            given.version(),
            given.streamId(),
            attempts,
            error);
    ask(
        Step.PARK,
        store.park(
            consumer.name(),
            new ParkedEvent(
                instance,
                given.streamId(),
                given.version(),
                given.offset(),
                attempts,
                requireNonNull(error),
                Instant.now(),
                requireNonNull(generation))),
        done -> new Parked(event));
  }

  private Behavior<Message> onParked(Parked parked) {
    storageFailures = 0;
    return parked.event().equals(current) ? pass(parked.event()) : this;
  }

  /** The event is done with. */
  private Behavior<Message> pass(Delivered event) {
    current = null;
    handled++;
    if (event.delivery().last()) {
      offset = event.delivery().offset();
    }
    if (event.opening() != opening) {
      return proceed();
    } else if (event.delivery() instanceof Delivery.Unreadable) {
      close();
      return proceed();
    }
    boolean recovered = state == State.RETRYING;
    state = State.RUNNING;
    attempts = 0;
    error = null;
    waiting = event.done();
    if (recovered || handled - kept >= settings.checkpointEvents()) {
      keep();
    }
    release();
    return this;
  }

  private void release() {
    CompletableFuture<Done> done = waiting;
    if (done != null && handled - kept < settings.checkpointEvents()) {
      waiting = null;
      done.complete(Done.getInstance());
    }
  }

  // The offset

  private void checkpoint() {
    Duration silent = Duration.ofNanos(System.nanoTime() - lastKept);
    if (keepAgain || handled > kept || silent.compareTo(settings.heartbeatInterval()) >= 0) {
      keepAgain = false;
      keep();
    }
  }

  /** Keeps the offset, and says how the instance does. */
  private void keep() {
    if (keeping) {
      keepAgain = true;
      return;
    }
    keeping = true;
    long upTo = handled;
    ask(
        Step.CHECKPOINT,
        store.keep(
            consumer.name(),
            instance,
            owner,
            new Progress(
                requireNonNull(generation), offset, state.name(), attempts, error, Instant.now())),
        isOwner -> new Kept(isOwner, upTo));
  }

  private Behavior<Message> onKept(Kept answer) {
    keeping = false;
    storageFailures = 0;
    if (!answer.isOwner()) {
      getContext()
          .getLog()
          .warn(
              "Instance {} of subscription '{}' was started elsewhere too, and stops here",
              instance,
              consumer.name());
      return Behaviors.stopped();
    }
    kept = Math.max(kept, answer.upTo());
    lastKept = System.nanoTime();
    if (keepAgain) {
      keepAgain = false;
      keep();
    } else if (state == State.STOPPED) {
      return Behaviors.stopped();
    }
    release();
    return this;
  }

  // The end

  private Behavior<Message> stop() {
    if (generation == null) {
      return Behaviors.stopped();
    }
    stopping = true;
    close();
    return proceed();
  }

  private Behavior<Message> onPostStop() {
    close();
    return this;
  }
}
