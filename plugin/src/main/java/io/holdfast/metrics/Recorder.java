// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics;

/** Where measurements go. Thread-safe; nothing blocks. */
interface Recorder {
  void completed(Operation operation, Outcome outcome, long nanos);

  void add(Quantity quantity, long amount);
}
