// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class MeasurementTest {
  @Test
  void percentilesAreThoseOfWhatWasRecorded() {
    Measurement.Recorder recorder = new Measurement.Recorder();
    for (int micros = 1_000; micros >= 1; micros--) {
      recorder.record(TimeUnit.MICROSECONDS.toNanos(micros));
    }
    Measurement measurement = recorder.close();

    assertThat(measurement.count()).isEqualTo(1_000);
    assertThat(measurement.percentile(50)).isCloseTo(500, within(1.0));
    assertThat(measurement.percentile(99)).isCloseTo(990, within(1.0));
    assertThat(measurement.percentile(99.9)).isCloseTo(999, within(1.0));
  }

  @Test
  void whatEndsAfterTheWindowDoesNotCount() {
    Measurement.Recorder recorder = new Measurement.Recorder();
    assertThat(recorder.record(1_000)).isTrue();
    Measurement measurement = recorder.close();

    assertThat(recorder.record(1_000)).isFalse();
    assertThat(recorder.isOpen()).isFalse();
    assertThat(recorder.close()).isSameAs(measurement);
    assertThat(measurement.count()).isEqualTo(1);
  }

  @Test
  void theRequestThatEndsAfterTheWindowsTimeClosesItAndCounts() {
    Measurement.Recorder recorder = new Measurement.Recorder(Duration.ZERO, List.of());

    assertThat(recorder.record(1_000)).isFalse();
    assertThat(recorder.close().count()).isEqualTo(1);
  }

  @Test
  void eachPlaceOfALoopHasOneRequestAtATime() throws Exception {
    int places = 3;
    int requests = 10;
    AtomicIntegerArray underWay = new AtomicIntegerArray(places);
    AtomicIntegerArray sent = new AtomicIntegerArray(places);
    AtomicInteger placesThatSentAll = new AtomicInteger();
    Measurement.Recorder recorder = new Measurement.Recorder();
    Measurement measurement =
        ClosedLoop.measure(
            places,
            recorder,
            place -> {
              assertThat(underWay.incrementAndGet(place)).isEqualTo(1);
              if (sent.incrementAndGet(place) == requests
                  && placesThatSentAll.incrementAndGet() == places) {
                recorder.close();
              }
              return CompletableFuture.runAsync(() -> underWay.decrementAndGet(place));
            });

    assertThat(measurement.count()).isGreaterThanOrEqualTo(places * (requests - 1L));
    for (int place = 0; place < places; place++) {
      assertThat(underWay.get(place)).isZero();
    }
  }
}
