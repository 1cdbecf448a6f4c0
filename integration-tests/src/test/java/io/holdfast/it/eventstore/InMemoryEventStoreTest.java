// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import com.typesafe.config.ConfigFactory;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.entity.StreamEntitySettings;
import io.holdfast.testkit.InMemoryEventStore;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;

class InMemoryEventStoreTest extends EventStoreContract {
  private final ActorSystem<Void> system =
      ActorSystem.create(Behaviors.empty(), "sources", ConfigFactory.load());
  private final EventStore store =
      InMemoryEventStore.builder(
              StreamEntitySettings.of(
                  ConfigFactory.parseString(
                          "holdfast.event-store { deduplication-window = %d, append-timeout = %d s }"
                              .formatted(WINDOW, APPEND_TIMEOUT.toSeconds()))
                      .withFallback(ConfigFactory.load())))
          .clock(clock)
          .serializer(TextSerializer.create())
          .start();

  @AfterAll
  void stop() {
    system.terminate();
  }

  @Override
  EventStore store() {
    return store;
  }

  @Override
  ActorSystem<?> system() {
    return system;
  }

  @Override
  void forget(String streamId) {
    // It knows nothing but what it remembers.
  }
}
