// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics;

import java.util.Locale;

/** How an operation ended; the value of the tag {@code outcome}. */
public enum Outcome {
  /** It did what it was asked for. */
  SUCCESS,
  /** It was invalid, as a too large event. Nothing was stored. */
  REJECTED,
  /** The stream was at another version than the expected one. Nothing was stored. */
  CONFLICT,
  /** It could not be done. Nothing was stored; later it may succeed. */
  UNAVAILABLE,
  /** It may have been done, or not. */
  UNKNOWN,
  /** What is stored was found, but could not be read, as when a deserializer throws. */
  UNREADABLE;

  String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
