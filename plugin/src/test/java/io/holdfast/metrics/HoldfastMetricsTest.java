// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
    Path classes =
        Path.of(Measurements.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (URLClassLoader without =
            new URLClassLoader(classPathWithoutMicrometer(), ClassLoader.getPlatformClassLoader());
        Stream<Path> files = Files.walk(classes)) {
      for (String name : files.map(classes::relativize).flatMap(this::className).toList()) {
        // Initialized, and with all types in its signatures.
        Class<?> loaded = Class.forName(name, true, without);
        assertThat(loaded.getDeclaredMethods()).isNotNull();
        assertThat(loaded.getClassLoader()).isSameAs(without);
      }
      assertThatThrownBy(() -> Class.forName(HoldfastMetrics.class.getName(), true, without))
          .isInstanceOf(NoClassDefFoundError.class);
    }
  }

  private Stream<String> className(Path file) {
    String name = file.toString().replace(File.separatorChar, '.');
    return name.endsWith(".class")
            && !name.endsWith("-info.class")
            && !name.startsWith(HoldfastMetrics.class.getName())
            && !name.startsWith(MicrometerRecorder.class.getName())
        ? Stream.of(name.substring(0, name.length() - ".class".length()))
        : Stream.empty();
  }

  private static URL[] classPathWithoutMicrometer() throws Exception {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<URL> urls = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      if (!entry.contains("micrometer")) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    return urls.toArray(URL[]::new);
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
