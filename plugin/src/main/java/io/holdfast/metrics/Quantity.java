// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics;

/** What is counted, beside the operations. For Holdfast's own use. */
public enum Quantity {
  BATCH_EVENTS("holdfast.journal.batch.events", "events", true, "Events of each stored batch"),
  BATCH_BYTES("holdfast.journal.batch.bytes", "bytes", true, "Bytes of each stored batch"),
  REPLAYED_EVENTS("holdfast.journal.replayed", "events", false, "Events replayed to their actors"),
  FENCE_READ_REQUESTS(
      "holdfast.fence.read.requests",
      "requests",
      true,
      "Writes and questions that shared each fence read"),
  CLAIMS_REPEATED(
      "holdfast.fence.claims.repeated",
      "claims",
      false,
      "Claims begun anew because another writer claimed the same stream"),
  STREAMS_LOST(
      "holdfast.fence.streams.lost",
      "streams",
      false,
      "Requests to streams that turned out to be taken by another writer"),
  SNAPSHOT_BYTES("holdfast.snapshots.bytes", "bytes", true, "Bytes of each saved snapshot");

  final String meter;
  final String unit;

  /** Whether each amount matters, not only their sum. */
  final boolean distributed;

  final String description;

  Quantity(String meter, String unit, boolean distributed, String description) {
    this.meter = meter;
    this.unit = unit;
    this.distributed = distributed;
    this.description = description;
  }
}
