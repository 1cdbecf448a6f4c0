// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The violations of one stream. Of each kind the one with the fewest records is kept, and of those
 * the earliest: one cause is often seen a thousand times.
 */
final class Findings {
  private final String stream;
  private final Map<ViolationKind, Violation> found = new EnumMap<>(ViolationKind.class);

  Findings(String stream) {
    this.stream = stream;
  }

  /**
   * @param evidence without those that are {@code null}
   */
  void add(ViolationKind kind, String text, @Nullable Evidence... evidence) {
    List<Evidence> given =
        Arrays.stream(evidence).filter(Objects::nonNull).map(Evidence.class::cast).toList();
    Violation violation = new Violation(kind, stream, text, given.stream().distinct().toList(), 1);
    found.merge(kind, violation, Findings::merge);
  }

  private static Violation merge(Violation one, Violation other) {
    boolean better =
        other.evidence().size() < one.evidence().size()
            || (other.evidence().size() == one.evidence().size() && other.at() < one.at());
    Violation kept = better ? other : one;
    return new Violation(
        kept.kind(), kept.stream(), kept.text(), kept.evidence(), one.repetitions() + 1);
  }

  List<Violation> all() {
    return new ArrayList<>(found.values());
  }
}
