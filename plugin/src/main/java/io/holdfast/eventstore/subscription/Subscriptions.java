// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.subscription;

import io.holdfast.feed.SubscriptionStore;
import io.holdfast.settings.Section;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;

/** What the durable subscriptions to a store share in an actor system. Thread-safe. */
final class Subscriptions {
  private final SubscriptionStore store;
  private final SubscriptionSettings settings;
  private final Set<String> started = ConcurrentHashMap.newKeySet();

  private Subscriptions(ActorSystem<?> system, String config) {
    this.store = new SubscriptionStore(system, config);
    this.settings =
        SubscriptionSettings.of(
            Section.ofStore(system.settings().config(), config).section("subscription"));
  }

  /**
   * Those to one store.
   *
   * @param config the path of its sections
   */
  static Subscriptions get(ActorSystem<?> system, String config) {
    return Id.INSTANCE
        .apply(system)
        .byStore
        .computeIfAbsent(config, path -> new Subscriptions(system, path));
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

  /** The start was refused: another one may be tried. */
  void remove(String name) {
    started.remove(name);
  }

  private static final class All implements Extension {
    final Map<String, Subscriptions> byStore = new ConcurrentHashMap<>();
  }

  private static final class Id extends ExtensionId<All> {
    static final Id INSTANCE = new Id();

    @Override
    public All createExtension(ActorSystem<?> system) {
      return new All();
    }
  }
}
