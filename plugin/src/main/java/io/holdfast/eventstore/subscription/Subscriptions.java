// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.subscription;

import io.holdfast.feed.SubscriptionStore;
import io.holdfast.settings.Section;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;

/** What the durable subscriptions of an actor system share. Thread-safe. */
final class Subscriptions implements Extension {
  private final SubscriptionStore store;
  private final SubscriptionSettings settings;
  private final Set<String> started = ConcurrentHashMap.newKeySet();

  private Subscriptions(ActorSystem<?> system) {
    this.store = new SubscriptionStore(system);
    this.settings =
        SubscriptionSettings.of(Section.of(system.settings().config(), "holdfast.subscription"));
  }

  static Subscriptions get(ActorSystem<?> system) {
    return Id.INSTANCE.apply(system);
  }

  SubscriptionStore store() {
    return store;
  }

  SubscriptionSettings settings() {
    return settings;
  }

  /** A second start would be given no instances, and nobody would tell. */
  void add(String name) {
    if (!started.add(name)) {
      throw new IllegalStateException(
          "subscription '%s' is started on this actor system already; start it once on each node"
              .formatted(name));
    }
  }

  private static final class Id extends ExtensionId<Subscriptions> {
    static final Id INSTANCE = new Id();

    @Override
    public Subscriptions createExtension(ActorSystem<?> system) {
      return new Subscriptions(system);
    }
  }
}
