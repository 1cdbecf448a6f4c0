// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.AppendOutcome;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.EventStoreException;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.testkit.InMemoryEventStore;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A store in memory whose next append can be made to fail. */
final class ScriptedStore {
  private final EventStore inMemory = InMemoryEventStore.create();
  private @Nullable EventStoreException nextFailure;
  private boolean storeNevertheless;

  /** The store itself. */
  EventStore store() {
    return (EventStore)
        Proxy.newProxyInstance(
            EventStore.class.getClassLoader(),
            new Class<?>[] {EventStore.class},
            (proxy, method, arguments) -> call(method, arguments));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // it is returned, by reflection
  private synchronized Object call(Method method, Object[] arguments) throws Exception {
    EventStoreException failure = nextFailure;
    if (!method.getName().equals("tryAppend") || failure == null) {
      return method.invoke(inMemory, arguments);
    }
    nextFailure = null;
    if (storeNevertheless) {
      AppendEventInput<?> input = (AppendEventInput<?>) arguments[0];
      add(input.streamId(), input.event());
    }
    return CompletableFuture.completedFuture(AppendOutcome.of(failure));
  }

  /**
   * Fails the next append.
   *
   * @param nevertheless whether its event is stored all the same
   */
  synchronized void failNext(EventStoreException failure, boolean nevertheless) {
    nextFailure = failure;
    storeNevertheless = nevertheless;
  }

  List<String> ids(String streamId) {
    return inMemory.readStream(streamId).toCompletableFuture().join().events().stream()
        .map(StreamDomainEvent::id)
        .toList();
  }

  <T> StreamDomainEvent<T> add(String streamId, NewEvent<T> event) {
    return inMemory
        .append(AppendEventInput.of(streamId, event))
        .toCompletableFuture()
        .join()
        .event();
  }
}
