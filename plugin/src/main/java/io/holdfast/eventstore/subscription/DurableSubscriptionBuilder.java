// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.subscription;

import static java.util.Objects.requireNonNull;

import io.holdfast.eventstore.EventStore;
import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedOffset;
import io.holdfast.serialization.Utf8;
import org.apache.pekko.actor.typed.ActorSystem;

/** What a {@link DurableSubscription} is made of. Not thread-safe. */
public final class DurableSubscriptionBuilder {
  private static final int MAX_NAME_LENGTH = 200;

  private final String name;
  private FeedFilter filter = FeedFilter.all();
  private FeedOffset from = FeedOffset.beginning();
  private int instances = 1;

  DurableSubscriptionBuilder(String name) {
    if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
      throw new IllegalArgumentException(
          "subscription name '%s' of %d characters: must have from 1 to %d"
              .formatted(
                  name.substring(0, Math.min(name.length(), 50)), name.length(), MAX_NAME_LENGTH));
    }
    this.name = Utf8.checked("subscription name", name);
  }

  /**
   * Which events are handled; all by default. Of a subscription that is started with another filter
   * than before, events before its place that the former one left out are left out still: {@link
   * DurableSubscription#reset} it where they matter.
   */
  public DurableSubscriptionBuilder filter(FeedFilter filter) {
    this.filter = requireNonNull(filter, "filter");
    return this;
  }

  /**
   * Where the subscription begins the first time that it is started, on whatever node; the
   * beginning by default. Later it goes on where it was.
   */
  public DurableSubscriptionBuilder from(FeedOffset from) {
    this.from = requireNonNull(from, "from");
    return this;
  }

  /**
   * How many instances share the work, each with a range of slices of its own; one by default. It
   * cannot change once the subscription was started.
   *
   * @param instances a divisor of 1,024; some two to a node
   */
  public DurableSubscriptionBuilder instances(int instances) {
    if (instances < 1 || FeedFilter.NUMBER_OF_SLICES % instances != 0) {
      throw new IllegalArgumentException(
          "subscription '%s' with %d instances: must be positive and a divisor of %d, the number of slices"
              .formatted(name, instances, FeedFilter.NUMBER_OF_SLICES));
    }
    this.instances = instances;
    return this;
  }

  /**
   * Starts the subscription on this node. Start it on every node of the cluster, with the same
   * filter and handler: each instance runs on one of them. Does not wait for Cassandra nor for the
   * cluster, and tries again where they are not to be had; {@link DurableSubscription#started} says
   * when it is done, or refused.
   *
   * @param store whose events are handled, and in whose keyspace the subscription is kept
   * @throws IllegalStateException if it is started on this actor system already, or {@code
   *     holdfast.journal.feed} is off
   * @throws IllegalArgumentException if a setting is out of range
   */
  public DurableSubscription start(
      ActorSystem<?> system, EventStore store, FeedEventHandler handler) {
    requireNonNull(system, "system");
    requireNonNull(store, "store");
    requireNonNull(handler, "handler");
    Subscriptions subscriptions = Subscriptions.get(system, store.config());
    subscriptions.add(name);
    DurableSubscription subscription =
        new DurableSubscription(
            system,
            new Consumer(
                name,
                instances,
                filter,
                handler,
                store,
                subscriptions.store(),
                subscriptions.settings()));
    subscription
        .started()
        .whenComplete(
            (done, refused) -> {
              if (refused != null) {
                subscriptions.remove(name);
              }
            });
    subscription.start(from);
    return subscription;
  }
}
