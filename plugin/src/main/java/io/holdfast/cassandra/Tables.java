// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

/**
 * The tables of one keyspace on a connected session.
 *
 * @param storeId what offsets of the feed name the keyspace by
 */
record Tables(
    EventsTable events,
    StreamsTable streams,
    RevocationsTable revocations,
    CommitLogTable commitLog,
    WritersTable writers,
    SnapshotsTable snapshots,
    SubscriptionsTable subscriptions,
    ParkedEventsTable parkedEvents,
    SettingsTable settings,
    String storeId) {}
