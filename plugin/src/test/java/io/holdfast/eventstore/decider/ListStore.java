// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.decider;

import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.AppendBatchResult;
import io.holdfast.eventstore.ConcurrencyException;
import io.holdfast.eventstore.EventMetadata;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.ReadStreamResult;
import io.holdfast.eventstore.StreamDomainEvent;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The two operations that a {@link CommandHandler} needs, over one stream in a list, with a rival
 * who may append before each append. Asynchronous; writes down the reads.
 */
final class ListStore {
  private final List<StreamDomainEvent<?>> events = new ArrayList<>();
  private final List<ReadStreamOptions> reads = new ArrayList<>();
  private final List<AppendBatchInput> appends = new ArrayList<>();
  private Runnable beforeAppend = () -> {};
  private @Nullable RuntimeException failure;

  EventStore store() {
    return (EventStore)
        Proxy.newProxyInstance(
            EventStore.class.getClassLoader(),
            new Class<?>[] {EventStore.class},
            (proxy, method, arguments) -> call(method, arguments));
  }

  private CompletionStage<?> call(Method method, Object[] arguments) {
    return CompletableFuture.supplyAsync(
        () ->
            switch (method.getName()) {
              case "readStream" -> read((ReadStreamOptions) arguments[1]);
              case "appendBatch" -> append((AppendBatchInput) arguments[0]);
              default -> throw new UnsupportedOperationException(method.getName());
            });
  }

  private synchronized ReadStreamResult read(ReadStreamOptions options) {
    reads.add(options);
    int from = (int) options.fromVersion() - 1;
    int to = Math.min(events.size(), from + options.limit().orElse(Integer.MAX_VALUE));
    return new ReadStreamResult(
        events.subList(from, to),
        to < events.size() ? OptionalLong.of(to + 1L) : OptionalLong.empty(),
        events.size());
  }

  private synchronized AppendBatchResult append(AppendBatchInput input) {
    appends.add(input);
    beforeAppend.run();
    if (failure != null) {
      throw failure;
    }
    int version = events.size();
    if (!input.equals(
        AppendBatchInput.of(input.streamId(), input.events()).withExpectedVersion(version))) {
      throw new ConcurrencyException(input.streamId(), input.expectedVersion(), version, null);
    }
    input.events().forEach(event -> add(event.payload(), event.metadata()));
    return new AppendBatchResult(events.subList(version, events.size()), events.size());
  }

  synchronized void add(Object payload) {
    add(payload, EventMetadata.empty());
  }

  private void add(Object payload, EventMetadata metadata) {
    int version = events.size() + 1;
    String type = payload.getClass().getSimpleName();
    events.add(
        new StreamDomainEvent<>("id-" + version, "stream", type, version, 0, payload, metadata));
  }

  synchronized void beforeAppend(Runnable rival) {
    beforeAppend = rival;
  }

  synchronized void failAppends(RuntimeException exception) {
    failure = exception;
  }

  synchronized List<StreamDomainEvent<?>> events() {
    return List.copyOf(events);
  }

  synchronized List<ReadStreamOptions> reads() {
    return List.copyOf(reads);
  }

  synchronized int appends() {
    return appends.size();
  }
}
