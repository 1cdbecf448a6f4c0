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
  LOG_ENTRIES(
      "holdfast.log.entries",
      "batches",
      true,
      "Batches that each row of this node's log tells of; 0 for a marker"),
  FEED_ROWS("holdfast.feed.rows", "rows", false, "Rows of logs that readers of the feed have used"),
  FEED_EVENTS("holdfast.feed.events", "events", false, "Events delivered to readers of the feed"),
  FEED_DUPLICATES(
      "holdfast.feed.duplicates",
      "batches",
      false,
      "Batches that came again after their stream had moved, and were left out"),
  FEED_DELAY(
      "holdfast.feed.delay",
      "milliseconds",
      true,
      "From when a row was logged, by its writer's clock, to when a reader of the feed used it"),
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
