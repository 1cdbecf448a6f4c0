// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import java.util.ArrayList;
import java.util.List;

/** A consumer of many streams: where it began and went on, and whether it came to the end. */
public final class Consumer {
  /**
   * It began, or went on.
   *
   * @param ordinal how many deliveries it had had then
   * @param after how many of them count; -1 if the place is not known
   */
  record Start(long ordinal, long after) {}

  private final String name;
  private final String kind;
  private final String prefix;
  private final List<Start> starts = new ArrayList<>();
  private long deliveries;
  private boolean caughtUp;

  Consumer(String name, String kind, String prefix) {
    this.name = name;
    this.kind = kind;
    this.prefix = prefix;
  }

  public String name() {
    return name;
  }

  public String kind() {
    return kind;
  }

  /** How many events it was given, repetitions included. */
  public long deliveries() {
    return deliveries;
  }

  /** Whether it has come to the end of what there was. */
  public boolean caughtUp() {
    return caughtUp;
  }

  boolean wants(String stream) {
    return stream.startsWith(prefix);
  }

  List<Start> starts() {
    return starts;
  }

  /** A place among deliveries that an earlier start has undone is a place that is not known. */
  void start(long after) {
    long counted = after;
    for (Start start : starts) {
      if (after > 0 && after > start.after() && after <= start.ordinal()) {
        counted = -1;
      }
    }
    starts.add(new Start(deliveries, counted));
  }

  long nextOrdinal() {
    return ++deliveries;
  }

  void catchUp() {
    caughtUp = true;
  }
}
