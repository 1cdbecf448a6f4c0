// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import com.typesafe.config.Config;
import io.holdfast.settings.Section;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * The section {@code event-store} of a store, parsed and checked once. Its keys are explained in
 * {@code reference.conf}.
 *
 * @param store the path of the store's sections
 * @param journal the path of the journal's section
 * @param clusterTimeout how long requests wait at start for a cluster, and for nodes that host
 *     streams
 * @param recentIds how far back a stream knows the ids of its events
 * @param maxWriteBytes the most bytes of appends that go together in one write
 * @param journalTimeout how long the journal may take to answer its actor; above all of its own
 *     timeouts
 */
public record StreamEntitySettings(
    String store,
    String journal,
    String entityType,
    String role,
    Duration clusterTimeout,
    int numberOfShards,
    Duration passivateAfter,
    int maxPendingAppends,
    int maxPendingBytes,
    StreamLimits limits,
    int maxWriteBytes,
    int maxReadEvents,
    int maxReadBytes,
    int readPageSize,
    RecentIds.Window recentIds,
    Duration appendTimeout,
    Duration readTimeout,
    Duration journalTimeout) {
  /** Room in a message for what is not counted: paths, names of fields, the sharding envelope. */
  private static final int MESSAGE_OVERHEAD = 16 << 10;

  /**
   * The settings of the store {@code holdfast} of an actor system.
   *
   * @throws IllegalArgumentException if a value is out of range; the message names its path and the
   *     range
   */
  public static StreamEntitySettings of(ActorSystem<?> system) {
    return of(system.settings().config());
  }

  /**
   * Those of the store {@code holdfast}, of a configuration that has the settings of {@code
   * reference.conf}.
   */
  public static StreamEntitySettings of(Config root) {
    return of(root, Section.DEFAULT_STORE);
  }

  /**
   * Those of any store.
   *
   * @param store the path of its sections
   */
  public static StreamEntitySettings of(Config root, String store) {
    Section section = Section.ofStore(root, store).section("event-store");
    String journalPath = Section.pluginOf(root, store, section.text("journal"));
    if (!Section.storeAround(root, journalPath).equals(store)) {
      throw section.refused(
          "journal",
          journalPath,
          "a journal of the same store, as %s.journal is: events would go to one keyspace and be read from another. To use another store, start one with EventStore.builder(system).config(…)"
              .formatted(store));
    }
    Section journal = Section.of(root, journalPath);
    return new StreamEntitySettings(
        store,
        journalPath,
        entityType(section, store),
        section.text("role"),
        section.positiveTime("cluster-timeout"),
        section.integer("number-of-shards", 1, 10_000),
        section.time("passivate-after"),
        section.integer("max-pending-appends", 1, 1_000_000),
        section.bytes("max-pending-bytes", 1 << 10, 1 << 30),
        limits(root, store, section, journal),
        section.bytes("max-batch-bytes", 1 << 10, maxBatchBytes(journal)),
        section.integer("max-read-events", 1, 1_000_000),
        section.bytes("max-read-bytes", 1 << 10, 1 << 30),
        section.integer("read-page-size", 1, 10_000),
        recentIds(section),
        section.positiveTime("append-timeout"),
        section.positiveTime("read-timeout"),
        journal.positiveTime("circuit-breaker.call-timeout").plusSeconds(5));
  }

  /** A copy of the sections has the same name, which would be the same entities. */
  private static String entityType(Section section, String store) {
    String name = section.text("entity-type");
    return store.equals(Section.DEFAULT_STORE) ? name : store + "-" + name;
  }

  /**
   * Why an append may be told nothing while Cassandra is not there: its tries end before the wait
   * for Cassandra does. Empty if they do not.
   */
  Optional<String> contradiction(Config root) {
    Section cassandra = Section.of(root, store + ".cassandra");
    Duration connectTimeout = cassandra.positiveTime("connect.timeout");
    return appendTryTimeout().compareTo(connectTimeout) >= 0
        ? Optional.empty()
        : Optional.of(
            "%s.event-store.append-timeout is %s, less than three times %s (%s): while Cassandra is not there at start, appends have an unknown outcome instead of being told so. Raise the former, or lower the latter"
                .formatted(
                    store, appendTimeout, cassandra.pathOf("connect.timeout"), connectTimeout));
  }

  /** The full path of the section. */
  public String section() {
    return store + ".event-store";
  }

  /** How long to wait for one answer to an append before it is asked again. */
  Duration appendTryTimeout() {
    return appendTimeout.dividedBy(3);
  }

  /** An append is repeated for as long as its timeout; its ids must be known still. */
  private static RecentIds.Window recentIds(Section section) {
    return new RecentIds.Window(
        section.integer("deduplication-window", 1, 1_000_000),
        section.positiveTime("append-timeout").multipliedBy(2).toMillis());
  }

  private static int maxBatchBytes(Section journal) {
    return journal.bytes("max-batch-bytes", 1, Integer.MAX_VALUE);
  }

  private static StreamLimits limits(Config root, String store, Section section, Section journal) {
    int journalEvents =
        Math.min(
            journal.integer("max-batch-size", 1, Integer.MAX_VALUE),
            Section.of(root, store + ".cassandra").integer("partition-size", 1, Integer.MAX_VALUE));
    int maxIdLength = section.integer("max-id-length", 1, 10_000);
    int maxEventBytes = section.bytes("max-event-bytes", 1 << 10, maxBatchBytes(journal));
    int maxBatchBytes = section.bytes("max-batch-bytes", 1 << 10, maxBatchBytes(journal));
    int maxBatchEvents =
        Math.min(section.integer("max-batch-events", 1, Integer.MAX_VALUE), journalEvents);
    String remedy = section.pathOf("max-event-bytes") + " and max-batch-bytes";
    Section artery = Section.of(root, "pekko.remote.artery.advanced");
    int frame = artery.bytes("maximum-frame-size", 1, Integer.MAX_VALUE) - MESSAGE_OVERHEAD;
    if (frame < Math.max(maxEventBytes, maxBatchBytes)) {
      maxEventBytes = Math.min(maxEventBytes, frame);
      maxBatchBytes = Math.min(maxBatchBytes, frame);
      remedy = artery.pathOf("maximum-frame-size") + ", which bounds messages between nodes";
    }
    return new StreamLimits(
        store + ".event-store", maxIdLength, maxEventBytes, maxBatchBytes, maxBatchEvents, remedy);
  }
}
