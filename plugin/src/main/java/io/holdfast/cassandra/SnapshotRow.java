// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.Objects.requireNonNull;

import io.holdfast.serialization.SerializedObject;
import org.jspecify.annotations.Nullable;

/**
 * One snapshot.
 *
 * @param timestampMillis when it was saved, in milliseconds since 1970
 * @param snapshot the state
 * @param metadata what the application keeps beside it
 */
public record SnapshotRow(
    String persistenceId,
    long sequenceNr,
    long timestampMillis,
    SerializedObject snapshot,
    @Nullable SerializedObject metadata) {
  public SnapshotRow {
    requireNonNull(persistenceId, "persistenceId");
    requireNonNull(snapshot, "snapshot");
  }
}
