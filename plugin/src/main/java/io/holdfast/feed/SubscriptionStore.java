// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.cassandra.InstanceRow;
import io.holdfast.cassandra.SubscriptionRow;
import io.holdfast.cassandra.SubscriptionStorage;
import io.holdfast.fence.FenceException;
import io.holdfast.fence.FenceException.Effect;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.jspecify.annotations.Nullable;

/**
 * What durable subscriptions to the feed keep: what is wanted of each, how far its instances have
 * come, and what they have parked. For Holdfast's own packages. Stages fail if storage does; {@link
 * #mayHaveTakenEffect} says of a change whether it may be stored all the same. Thread-safe; nothing
 * blocks.
 */
public final class SubscriptionStore {
  /**
   * What is wanted of a subscription.
   *
   * @param instances how many slice ranges share its work; never changes
   * @param generation a new one with each reset
   * @param beginning where the generation begins
   * @param paused whether its instances are to rest
   */
  public record Subscription(int instances, UUID generation, FeedOffset beginning, boolean paused) {
    static Subscription of(SubscriptionRow row) {
      return new Subscription(
          row.instances(), row.generation(), FeedOffset.parse(row.beginsAt()), row.paused());
    }
  }

  /**
   * How far an instance has come.
   *
   * @param generation the subscription's generation that the offset belongs to; in any other it
   *     means nothing
   * @param offset the place after the last event that was handled
   * @param state what the instance does, a word
   * @param attempts how often what it does has failed
   * @param error the last failure
   * @param at when that was, by the clock of the instance's node
   */
  public record Progress(
      UUID generation,
      FeedOffset offset,
      String state,
      int attempts,
      @Nullable String error,
      Instant at) {
    private static Optional<Progress> of(InstanceRow row) {
      return Optional.ofNullable(row.progress())
          .map(
              kept ->
                  new Progress(
                      kept.generation(),
                      FeedOffset.parse(kept.offset()),
                      kept.state(),
                      kept.attempts(),
                      kept.error(),
                      kept.at()));
    }
  }

  private final SubscriptionStorage storage;
  private final Feed feed;

  /**
   * @param store the path of the store's sections in the system's configuration
   * @throws IllegalStateException if the actor system keeps no log for the feed
   */
  public SubscriptionStore(ClassicActorSystemProvider system, String store) {
    this.storage = new SubscriptionStorage(system, store);
    this.feed = Feed.get(system, store);
    feed.requireWritten();
  }

  /** An id for a new owner of an instance. */
  public static UUID newOwner() {
    return SubscriptionStorage.newOwner();
  }

  /** Whether a change that failed may be stored, or may be yet. */
  public static boolean mayHaveTakenEffect(Throwable failure) {
    return !(FenceException.causeOf(failure) instanceof FenceException known)
        || known.effect() == Effect.UNKNOWN;
  }

  /**
   * Stores a subscription unless one of that name is, and answers what is stored.
   *
   * @param from where it begins; found out now, so that nothing is left out that follows
   */
  public CompletionStage<Subscription> register(String name, int instances, FeedOffset from) {
    return storage
        .read(name)
        .thenCompose(
            found ->
                found.isPresent()
                    ? completedFuture(found.get())
                    : feed.find(from)
                        .thenCompose(begin -> storage.register(name, instances, begin.toString())))
        .thenApply(Subscription::of);
  }

  /** What is wanted of a subscription that was registered. */
  public CompletionStage<Subscription> read(String name) {
    return storage.read(name).thenApply(found -> Subscription.of(found.orElseThrow()));
  }

  /** Lets a subscription begin anew at a place, which is found out now. */
  public CompletionStage<Void> reset(String name, FeedOffset to) {
    return feed.find(to)
        .thenCompose(begin -> storage.reset(name, begin.toString()))
        .thenAccept(done -> requireRow(name, done));
  }

  /** Lets a subscription rest, or go on. */
  public CompletionStage<Void> setPaused(String name, boolean paused) {
    return storage.setPaused(name, paused).thenAccept(done -> requireRow(name, done));
  }

  private static void requireRow(String name, boolean isThere) {
    if (!isThere) {
      throw new FenceException(
          "the row of subscription '%s' was deleted from the table subscriptions; start it again"
              .formatted(name),
          Effect.NONE);
    }
  }

  /** How far an instance has come; empty if it never kept an offset. */
  public CompletionStage<Optional<Progress>> progress(String name, int instance) {
    return storage.readInstance(name, instance).thenApply(found -> found.flatMap(Progress::of));
  }

  /**
   * Makes somebody the instance's owner, so that no other's offset is kept from now on, and answers
   * what was kept until then. May be repeated after a failure.
   */
  public CompletionStage<Optional<Progress>> take(String name, int instance, UUID owner) {
    return storage.take(name, instance, owner).thenApply(Progress::of);
  }

  /**
   * Keeps what the owner has come to. May be repeated after a failure.
   *
   * @return false if somebody else is the owner: nothing is kept then
   */
  public CompletionStage<Boolean> keep(String name, int instance, UUID owner, Progress progress) {
    return storage.keep(
        name,
        instance,
        owner,
        new InstanceRow.Progress(
            progress.generation(),
            progress.offset().toString(),
            progress.state(),
            progress.attempts(),
            progress.error(),
            progress.at()));
  }

  /** Parks an event, unless it was removed in the same generation. May be repeated. */
  public CompletionStage<Void> park(String name, ParkedEvent event) {
    return storage.park(name, event.row());
  }

  /** All parked events of an instance, in the order of streams and versions. */
  public CompletionStage<List<ParkedEvent>> parked(String name, int instance) {
    return storage
        .readParked(name, instance)
        .thenApply(rows -> rows.stream().map(ParkedEvent::of).toList());
  }

  /** How many events of an instance are parked. */
  public CompletionStage<Long> countParked(String name, int instance) {
    return storage.countParked(name, instance);
  }

  /** Removes a parked event. May be repeated. */
  public CompletionStage<Void> removeParked(String name, ParkedEvent event) {
    return storage.removeParked(name, event.row());
  }
}
