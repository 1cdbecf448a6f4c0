// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * The meters in one registry. Those that are expected are registered from the start, so that rates
 * and alerts see zeros rather than nothing.
 */
final class MicrometerRecorder implements Recorder {
  private record Kind(Operation operation, Outcome outcome) {}

  private final MeterRegistry registry;
  private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();
  private final Map<Quantity, LongConsumer> amounts = new ConcurrentHashMap<>();

  MicrometerRecorder(MeterRegistry registry) {
    this.registry = registry;
    for (Operation operation : Operation.values()) {
      operation.outcomes.forEach(outcome -> timer(operation, outcome));
    }
    for (Quantity quantity : Quantity.values()) {
      amount(quantity);
    }
  }

  private Timer timer(Operation operation, Outcome outcome) {
    return timers.computeIfAbsent(new Kind(operation, outcome), this::register);
  }

  private Timer register(Kind kind) {
    return Timer.builder(kind.operation().meter)
        .description(kind.operation().description)
        .tag("outcome", kind.outcome().tag())
        .register(registry);
  }

  private LongConsumer amount(Quantity quantity) {
    return amounts.computeIfAbsent(quantity, this::register);
  }

  private LongConsumer register(Quantity quantity) {
    if (quantity.distributed) {
      DistributionSummary summary =
          DistributionSummary.builder(quantity.meter)
              .description(quantity.description)
              .baseUnit(quantity.unit)
              .register(registry);
      return summary::record;
    }
    Counter counter =
        Counter.builder(quantity.meter)
            .description(quantity.description)
            .baseUnit(quantity.unit)
            .register(registry);
    return counter::increment;
  }

  @Override
  public void completed(Operation operation, Outcome outcome, long nanos) {
    timer(operation, outcome).record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void add(Quantity quantity, long amount) {
    amount(quantity).accept(amount);
  }
}
