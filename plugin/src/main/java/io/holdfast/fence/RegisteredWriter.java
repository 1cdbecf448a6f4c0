// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import java.time.Instant;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * An entry of the list of all writers, by which readers find the logs.
 *
 * @param number 1, 2, 3, … without gaps, in the order in which the writers began
 * @param lastHeartbeat when the writer last said that it is alive, by its clock; its beginning, if
 *     it never did
 * @param end once it is retired: the first position of its log that has no row and never will
 */
public record RegisteredWriter(long number, UUID id, Instant lastHeartbeat, OptionalLong end) {
  /** Where the list begins. */
  public static final long FIRST_NUMBER = 1;
}
