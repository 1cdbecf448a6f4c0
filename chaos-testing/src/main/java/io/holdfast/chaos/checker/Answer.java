// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import java.util.List;

/**
 * What an operation says of its stream at one moment.
 *
 * @param asked the operation whose invocation is the earliest time of that moment
 * @param answered the operation whose completion is the latest; the same one but where an append
 *     was repeated
 * @param from the earliest time; {@link Long#MIN_VALUE} where the answer may be old
 * @param to the latest time; {@link Op#NEVER} for none
 */
record Answer(Op asked, Op answered, long from, long to, List<Bound> bounds) {
  /** What it says of one register. */
  record Bound(Register register, long least, long most) {}

  Answer {
    bounds = List.copyOf(bounds);
  }

  static Answer of(Op op, List<Bound> bounds) {
    return new Answer(
        op, op, op.mayBeOld() ? Long.MIN_VALUE : op.invokedAt(), op.completedAt(), bounds);
  }

  /** Says it to the registers, each for itself. */
  void claim() {
    for (Bound bound : bounds) {
      bound.register().atLeast(bound.least(), to, answered);
      if (from != Long.MIN_VALUE) {
        bound.register().atMost(bound.most(), from, asked);
      }
    }
  }
}
