// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import com.typesafe.config.Config;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * The section {@code holdfast.event-store}, parsed and checked once. Its keys are explained in
 * {@code reference.conf}.
 *
 * @param maxWriteBytes the most bytes of appends that go together in one write
 * @param journalTimeout how long the journal may take to answer its actor; above all of its own
 *     timeouts
 */
public record StreamEntitySettings(
    String journal,
    String entityType,
    String role,
    int numberOfShards,
    Duration passivateAfter,
    int maxPendingAppends,
    int maxPendingBytes,
    StreamLimits limits,
    int maxWriteBytes,
    int maxReadEvents,
    int readPageSize,
    Duration appendTimeout,
    Duration readTimeout,
    Duration journalTimeout) {
  private static final String PATH = "holdfast.event-store.";

  /** Room in a message for what is not counted: paths, names of fields, the sharding envelope. */
  private static final int MESSAGE_OVERHEAD = 16 << 10;

  /**
   * The settings of an actor system.
   *
   * @throws IllegalArgumentException if a value is out of range; the message names its path and the
   *     range
   */
  public static StreamEntitySettings of(ActorSystem<?> system) {
    Config root = system.settings().config();
    Config config = root.getConfig("holdfast.event-store");
    String journal = config.getString("journal");
    return new StreamEntitySettings(
        journal,
        config.getString("entity-type"),
        config.getString("role"),
        integer(config, "number-of-shards", 1, 10_000),
        config.getDuration("passivate-after"),
        integer(config, "max-pending-appends", 1, 1_000_000),
        bytes(config, "max-pending-bytes", 1 << 10, 1 << 30),
        limits(root, config, root.getConfig(journal)),
        Math.toIntExact(config.getBytes("max-batch-bytes")),
        integer(config, "max-read-events", 1, 1_000_000),
        integer(config, "read-page-size", 1, 10_000),
        positive(config, "append-timeout"),
        positive(config, "read-timeout"),
        root.getDuration(journal + ".circuit-breaker.call-timeout").plusSeconds(5));
  }

  private static StreamLimits limits(Config root, Config config, Config journal) {
    int journalBytes = Math.toIntExact(journal.getBytes("max-batch-bytes"));
    int journalEvents =
        Math.min(
            journal.getInt("max-batch-size"), root.getInt("holdfast.cassandra.partition-size"));
    int maxIdLength = integer(config, "max-id-length", 1, 10_000);
    int maxEventBytes = bytes(config, "max-event-bytes", 1 << 10, journalBytes);
    int maxBatchBytes = bytes(config, "max-batch-bytes", 1 << 10, journalBytes);
    int maxBatchEvents = Math.min(config.getInt("max-batch-events"), journalEvents);
    String remedy = PATH + "max-event-bytes and max-batch-bytes";
    String framePath = "pekko.remote.artery.advanced.maximum-frame-size";
    int frame = Math.toIntExact(root.getBytes(framePath)) - MESSAGE_OVERHEAD;
    if (frame < Math.max(maxEventBytes, maxBatchBytes)) {
      maxEventBytes = Math.min(maxEventBytes, frame);
      maxBatchBytes = Math.min(maxBatchBytes, frame);
      remedy = framePath + ", which bounds messages between nodes";
    }
    return new StreamLimits(maxIdLength, maxEventBytes, maxBatchBytes, maxBatchEvents, remedy);
  }

  private static int integer(Config config, String key, int low, int high) {
    return within(key, config.getInt(key), low, high);
  }

  private static int bytes(Config config, String key, int low, int high) {
    return within(key, config.getBytes(key), low, high);
  }

  private static int within(String key, long value, int low, int high) {
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          PATH + "%s = %,d: must be from %,d to %,d".formatted(key, value, low, high));
    }
    return (int) value;
  }

  private static Duration positive(Config config, String key) {
    Duration value = config.getDuration(key);
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(
          PATH + "%s = %s: must be above zero".formatted(key, value));
    }
    return value;
  }
}
