// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.OptionalLibrary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HoldfastMetricsTest {
  private final ActorSystem system = ActorSystem.create("metrics");
  private final Measurements measurements = Measurements.get(system);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @AfterEach
  void stop() {
    system.terminate();
  }

  private double counted(String meter) {
    return registry.get(meter).counter().count();
  }

  @Test
  void measuresNothingUntilARegistryIsBound() {
    measurements.add(Quantity.STREAMS_LOST, 1);
    assertThat(measurements.isBound()).isFalse();
    HoldfastMetrics.get(system).bindTo(registry);
    assertThat(measurements.isBound()).isTrue();
    assertThat(counted("holdfast.fence.streams.lost")).isZero();
  }

  @Test
  void timesOperationsByOutcome() {
    HoldfastMetrics.get(system).bindTo(registry);
    measurements.completed(Operation.WRITE, Outcome.SUCCESS, 3_000_000);
    measurements.completed(Operation.WRITE, Outcome.UNKNOWN, 5_000_000);
    assertThat(timer("success").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(3);
    assertThat(timer("unknown").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(5);
    assertThat(timer("unavailable").count()).isZero();
    // One that an operation should not have is counted all the same.
    measurements.completed(Operation.WRITE, Outcome.UNREADABLE, 1);
    assertThat(timer("unreadable").count()).isOne();
  }

  private io.micrometer.core.instrument.Timer timer(String outcome) {
    return registry.get("holdfast.journal.writes").tag("outcome", outcome).timer();
  }

  @Test
  void countsOnceForEachRegistry() {
    SimpleMeterRegistry other = new SimpleMeterRegistry();
    HoldfastMetrics.get(system).bindTo(registry);
    HoldfastMetrics.get(system).bindTo(registry);
    HoldfastMetrics.get(system).bindTo(other);
    measurements.add(Quantity.REPLAYED_EVENTS, 7);
    assertThat(counted("holdfast.journal.replayed")).isEqualTo(7);
    assertThat(other.get("holdfast.journal.replayed").counter().count()).isEqualTo(7);
  }

  @Test
  void aRegistryThatThrowsFailsNobody() {
    measurements.bind(
        "broken",
        () ->
            new Recorder() {
              @Override
              public void completed(Operation operation, Outcome outcome, long nanos) {
                throw new IllegalStateException("broken");
              }

              @Override
              public void add(Quantity quantity, long amount) {
                throw new IllegalStateException("broken");
              }
            });
    HoldfastMetrics.get(system).bindTo(registry);
    measurements.completed(Operation.WRITE, Outcome.SUCCESS, 1);
    measurements.add(Quantity.REPLAYED_EVENTS, 7);
    assertThat(timer("success").count()).isOne();
    assertThat(counted("holdfast.journal.replayed")).isEqualTo(7);
  }

  @Test
  void nothingElseNeedsMicrometer() throws Exception {
    OptionalLibrary.assertOnlyNeededBy(
        "micrometer",
        name ->
            name.startsWith(HoldfastMetrics.class.getName())
                || name.startsWith(MicrometerRecorder.class.getName()),
        HoldfastMetrics.class);
  }

  @Test
  void everyMeterIsExplained() throws Exception {
    String page = Files.readString(Path.of("..", "docs", "metrics.md"));
    HoldfastMetrics.get(system).bindTo(registry);
    assertThat(registry.getMeters()).isNotEmpty();
    for (Meter meter : registry.getMeters()) {
      assertThat(page).contains("`" + meter.getId().getName() + "`");
      assertThat(meter.getId().getDescription()).isNotBlank();
    }
  }
}
