// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

/** The tables of one keyspace on a connected session. */
record Tables(
    EventsTable events,
    StreamsTable streams,
    RevocationsTable revocations,
    CommitLogTable commitLog,
    WritersTable writers,
    SnapshotsTable snapshots,
    SubscriptionsTable subscriptions,
    ParkedEventsTable parkedEvents,
    SettingsTable settings) {}
