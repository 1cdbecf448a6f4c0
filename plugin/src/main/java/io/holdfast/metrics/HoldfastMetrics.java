// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.apache.pekko.actor.ClassicActorSystemProvider;

/**
 * The meters of one actor system's journal, snapshot store and event store. They are off until a
 * registry is given:
 *
 * <pre>{@code
 * HoldfastMetrics.get(system).bindTo(registry);
 * }</pre>
 *
 * <p>Needs {@code io.micrometer:micrometer-core} on the class path, which Holdfast does not bring.
 * {@code docs/metrics.md} explains each meter. Several actor systems that are bound to one registry
 * share its meters. Thread-safe.
 */
public final class HoldfastMetrics implements MeterBinder {
  private final Measurements measurements;

  private HoldfastMetrics(Measurements measurements) {
    this.measurements = measurements;
  }

  /** The metrics of an actor system, classic or typed. */
  public static HoldfastMetrics get(ClassicActorSystemProvider system) {
    return new HoldfastMetrics(Measurements.get(system));
  }

  /**
   * Registers the meters, and measures from now on. May be called at any time, for any number of
   * registries; for one that is bound already it does nothing.
   */
  @Override
  public void bindTo(MeterRegistry registry) {
    measurements.bind(registry, () -> new MicrometerRecorder(registry));
  }
}
