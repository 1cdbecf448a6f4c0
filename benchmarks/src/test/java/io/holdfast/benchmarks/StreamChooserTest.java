// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.holdfast.benchmarks.Load.Append;
import io.holdfast.benchmarks.Load.Choice;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StreamChooserTest {
  private static final int APPENDS = 100_000;

  @Test
  void placesKeepTheirStreams() {
    StreamChooser chooser = StreamChooser.of(new Append(Choice.SAME, 3, 6, 1));

    assertThat(IntStream.range(0, 6).map(chooser::next)).containsExactly(0, 1, 2, 0, 1, 2);
    assertThat(chooser.next(4)).isEqualTo(1);
  }

  @Test
  void newStreamsAreAllDifferent() {
    StreamChooser chooser = StreamChooser.of(new Append(Choice.NEW, 1, 2, 1));

    assertThat(IntStream.range(0, 10).map(i -> chooser.next(i % 2))).doesNotHaveDuplicates();
  }

  /** The seed is fixed, so this cannot fail by chance. */
  @Test
  void byZipfsLawTheFirstStreamIsChosenTwiceAsOftenAsTheSecond() {
    StreamChooser chooser = StreamChooser.of(new Append(Choice.ZIPF, 10, 1, 1));
    int[] chosen = new int[10];
    for (int i = 0; i < APPENDS; i++) {
      chosen[chooser.next(0)]++;
    }
    double harmonic = IntStream.rangeClosed(1, 10).mapToDouble(k -> 1.0 / k).sum();

    for (int stream = 0; stream < 10; stream++) {
      assertThat((double) chosen[stream] / APPENDS)
          .isCloseTo(1 / (harmonic * (stream + 1)), within(0.01));
    }
  }
}
