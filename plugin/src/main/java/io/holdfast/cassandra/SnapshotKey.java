// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.Objects.requireNonNull;

import com.datastax.oss.driver.api.core.cql.Row;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What identifies a snapshot, without the snapshot.
 *
 * @param savedAt null if this column of the row was not there
 * @param chunks -1 if this column of the row was not there
 */
record SnapshotKey(long sequenceNr, UUID id, @Nullable Instant savedAt, int chunks) {
  /** The key in a row that begins with sequence number, id, timestamp and chunks. */
  static SnapshotKey of(Row row) {
    return new SnapshotKey(
        row.getLong(0),
        requireNonNull(row.getUuid(1), "snapshot_id"),
        row.getInstant(2),
        row.isNull(3) ? -1 : row.getInt(3));
  }

  boolean matches(SnapshotCriteria criteria) {
    return !criteria.hasTimeBounds()
        || (savedAt != null && criteria.matchesTimestamp(savedAt.toEpochMilli()));
  }

  /**
   * An id that is new and, in the order of the table, above another one: that of a snapshot which a
   * clock that is ahead has given.
   */
  static UUID idAbove(UUID other) {
    long time = other.timestamp() + 1;
    long low = time << 32;
    long middle = (time & 0xFFFF_0000_0000L) >>> 16;
    long high = (time >>> 48) & 0x0FFF;
    // Not this process's own node and clock sequence: two may be made from one other.
    return new UUID(low | middle | 0x1000 | high, UUID.randomUUID().getLeastSignificantBits());
  }
}
