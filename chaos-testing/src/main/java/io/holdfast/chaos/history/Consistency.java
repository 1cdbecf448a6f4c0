// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.history;

/** What a read asks for. */
public enum Consistency {
  /** The answer holds everything that was acknowledged or seen before the question. */
  LINEARIZABLE,
  /** The answer was true at some moment before it was given. */
  OWNER
}
