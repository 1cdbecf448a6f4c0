// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/**
 * Streams that a writer has lost, or is about to lose, to one that claims them.
 *
 * @param id names the revocation in the inbox of the writer that it is for
 * @param streams the epoch that is revoked, with all before it, by stream
 */
public record Revocation(UUID id, Map<String, Long> streams) {
  /** How long storage keeps a revocation that nobody removes. */
  public static final Duration RETENTION = Duration.ofDays(7);

  public Revocation {
    requireNonNull(id, "id");
    streams = Map.copyOf(streams);
  }

  boolean covers(String persistenceId, long epoch) {
    return streams.getOrDefault(persistenceId, 0L) >= epoch;
  }
}
