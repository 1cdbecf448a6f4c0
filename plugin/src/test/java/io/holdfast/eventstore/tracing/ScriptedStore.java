// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.tracing;

import io.holdfast.eventstore.EventMetadata;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.StreamDomainEvent;
import io.opentelemetry.context.Context;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** An event store that answers every call the same, and remembers the calls. */
final class ScriptedStore implements InvocationHandler {
  record Call(String method, List<Object> arguments, Context context) {}

  private final Object answer;
  private final List<Call> calls = new ArrayList<>();

  /**
   * @param answer what is returned, or thrown if it is an exception
   */
  ScriptedStore(Object answer) {
    this.answer = answer;
  }

  EventStore store() {
    return (EventStore)
        Proxy.newProxyInstance(
            EventStore.class.getClassLoader(), new Class<?>[] {EventStore.class}, this);
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    calls.add(new Call(method.getName(), List.of(arguments), Context.current()));
    if (answer instanceof RuntimeException thrown) {
      throw thrown;
    }
    return answer;
  }

  /** The only call. */
  Call call() {
    if (calls.size() != 1) {
      throw new AssertionError("expected one call, but got " + calls);
    }
    return calls.get(0);
  }

  /** What a stage has failed with, in no wrapper but its own. */
  static @Nullable Throwable failure(CompletionStage<?> stage) {
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    stage.whenComplete((value, thrown) -> failure.set(thrown));
    return failure.get();
  }

  static StreamDomainEvent<?> event(long version, EventMetadata metadata) {
    return new StreamDomainEvent<>("id-" + version, "order-17", "Sold", version, 5, "x", metadata);
  }
}
