// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import io.holdfast.sample.common.Console;

/** Shows how far a long step has come. Thread-safe. */
interface Progress extends AutoCloseable {
  void advance(long steps);

  default void advance() {
    advance(1);
  }

  /** How far the step has come. */
  long current();

  @Override
  void close();

  /** Begins to show a step: as a bar in a terminal, else as a line now and then. */
  static Progress start(Console console, String task, long total, String unit) {
    return console.isTerminal()
        ? new BarProgress(console, task, total, unit)
        : new LineProgress(console, task, total, unit);
  }
}
