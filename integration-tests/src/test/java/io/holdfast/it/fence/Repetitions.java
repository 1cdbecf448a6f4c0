// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Repeats proofs: {@code -Dholdfast.test.repetitions=100}; once by default. */
final class Repetitions {
  private static final int COUNT = Integer.getInteger("holdfast.test.repetitions", 1);

  private Repetitions() {}

  /** All cases, again and again. */
  static Stream<Arguments> of(List<Arguments> cases) {
    return IntStream.range(0, COUNT).boxed().flatMap(repetition -> cases.stream());
  }
}
