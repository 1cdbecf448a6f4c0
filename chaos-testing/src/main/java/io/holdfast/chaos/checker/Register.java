// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A number of a stream that only grows, such as its version, as far as a history tells it. Nobody
 * says when it grew; but whoever saw it says that it had at least so much by some time, or at most
 * so much at some time.
 *
 * <p>There are moments of growth that satisfy all those claims if and only if no claim of at least
 * {@code v} by a time is followed, in real time, by a claim of at most {@code w < v}: let it then
 * grow to {@code v} at the latest time for which less was claimed. So the shortest contradiction is
 * one pair of claims, and one pass over the claims in the order of their times finds it. Equal
 * times contradict nothing.
 */
final class Register {
  private final String name;
  private final long initial;
  private final List<Claim> lower = new ArrayList<>();
  private final List<Claim> upper = new ArrayList<>();
  private @Nullable Best lowerByTime;
  private @Nullable Best upperByTime;
  private @Nullable Best upperByValue;
  private @Nullable Best lowerByValue;

  Register(String name, long initial) {
    this.name = name;
    this.initial = initial;
  }

  String name() {
    return name;
  }

  /** By that time, it had at least this value. */
  void atLeast(long value, long time, @Nullable Evidence by) {
    if (value > initial && time != Op.NEVER) {
      lower.add(new Claim(value, time, by));
      lowerByTime = null;
      lowerByValue = null;
    }
  }

  /** At that time, or at a moment after it, it had at most this value. */
  void atMost(long value, long time, @Nullable Evidence by) {
    if (value < Long.MAX_VALUE) {
      upper.add(new Claim(value, time, by));
      upperByTime = null;
      upperByValue = null;
    }
  }

  private Best lowerByTime() {
    if (lowerByTime == null) {
      lowerByTime = Best.ofThoseBelow(lower, Claim::at, Claim::value);
    }
    return lowerByTime;
  }

  private Best upperByTime() {
    if (upperByTime == null) {
      upperByTime = Best.ofThoseAbove(upper, Claim::at, Claim::value);
    }
    return upperByTime;
  }

  private Best upperByValue() {
    if (upperByValue == null) {
      upperByValue = Best.ofThoseBelow(upper, Claim::value, Claim::at);
    }
    return upperByValue;
  }

  private Best lowerByValue() {
    if (lowerByValue == null) {
      lowerByValue = Best.ofThoseAbove(lower, Claim::value, Claim::at);
    }
    return lowerByValue;
  }

  /** The least value that it can have at a time. */
  long lowest(long time) {
    Claim claim = lowerByTime().below(time);
    return claim == null ? initial : claim.value();
  }

  /** The most that it can have at a time; {@link Long#MAX_VALUE} for no limit. */
  long highest(long time) {
    Claim claim = upperByTime().above(time);
    return claim == null ? Long.MAX_VALUE : claim.value();
  }

  /** The claim before whose time it cannot have had the value; {@code null} for always. */
  @Nullable Claim notBefore(long value) {
    return upperByValue().below(value);
  }

  /** The claim by whose time it certainly had the value; {@code null} for never. */
  @Nullable Claim reachedBy(long value) {
    return value == Long.MIN_VALUE ? null : lowerByValue().above(value - 1);
  }

  /** Gives for each claim of at most so much the earlier one of most more, if there is any. */
  void contradictions(BiConsumer<Claim, Claim> lowerAndUpper) {
    for (Claim claim : upper) {
      Claim before = lowerByTime().below(claim.at());
      if (before != null && before.value() > claim.value()) {
        lowerAndUpper.accept(before, claim);
      } else if (claim.value() < initial) {
        lowerAndUpper.accept(new Claim(initial, Long.MIN_VALUE, null), claim);
      }
    }
  }
}
