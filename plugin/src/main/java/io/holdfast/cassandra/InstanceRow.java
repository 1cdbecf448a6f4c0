// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far an instance of a durable subscription has come.
 *
 * @param owner who may keep offsets, a time UUID
 * @param progress null if none was kept yet
 */
public record InstanceRow(UUID owner, @Nullable Progress progress) {
  /**
   * What an owner keeps.
   *
   * @param generation the subscription's generation that the offset belongs to
   * @param offset the place after the last event that was handled, as text
   * @param state what the instance does, a word
   * @param attempts how often what it does has failed
   * @param error the last failure
   * @param at when that was, by the clock of the instance's node
   */
  public record Progress(
      UUID generation,
      String offset,
      String state,
      int attempts,
      @Nullable String error,
      Instant at) {}
}
