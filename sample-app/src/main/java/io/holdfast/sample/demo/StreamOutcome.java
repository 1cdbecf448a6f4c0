// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import io.holdfast.eventstore.ConcurrencyException;

/** How the appends to one stream ended. */
sealed interface StreamOutcome {
  /** All events of the log are stored. */
  record Appended(LogStream stream) implements StreamOutcome {}

  /**
   * The stream was not at the version that the log expects; the remaining events were not tried.
   */
  record Conflicted(LogStream stream, ConcurrencyException conflict) implements StreamOutcome {}
}
