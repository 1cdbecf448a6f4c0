// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import java.util.List;

/**
 * A contradiction in a history.
 *
 * @param text says what contradicts what
 * @param evidence the few records that contradict each other; no smaller set of the same kind was
 *     found
 * @param repetitions how many of the same kind there are in the stream, this one included
 */
public record Violation(
    ViolationKind kind, String stream, String text, List<Evidence> evidence, int repetitions) {
  public Violation {
    evidence = List.copyOf(evidence);
  }

  /** When it can be known. */
  public long at() {
    return evidence.stream().mapToLong(one -> Math.max(one.from(), endOf(one))).max().orElse(0);
  }

  private static long endOf(Evidence evidence) {
    return evidence.to() == Op.NEVER ? evidence.from() : evidence.to();
  }
}
