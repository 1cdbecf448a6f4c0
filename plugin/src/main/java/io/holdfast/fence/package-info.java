// SPDX-License-Identifier: Apache-2.0
/**
 * One writer per stream: two live owners of a stream never lose, double or replace an acknowledged
 * event. The protocol, its reasons and its limits are in {@code docs/fencing.md}; this package
 * reads like that page, in its words.
 *
 * <p>A <em>writer</em> ({@link Writer}) is one journal instance in one actor system. An
 * <em>epoch</em> ({@link Epochs}) is one writer's uninterrupted ownership of one stream, and the
 * write timestamp of all rows that it writes there. A <em>claim</em> ({@link Claim}) takes a stream
 * over, and begins with a <em>revocation</em> ({@link Revocation}, {@link Revoker}) in the previous
 * owner's {@link Inbox}. A <em>write</em> ({@link BatchWrite}) stores its rows and then passes the
 * <em>fence</em> ({@link Fence}), one look into the writer's own inbox that all who wait share
 * ({@link Rounds}). A stream is <em>in doubt</em> ({@link Stream}) while a request to it has no
 * certain outcome; only a claim ends that. {@link SettledReads} reads a stream without its owner.
 *
 * <p>Beside the fence stands the writer's {@link CommitLog}, in rows ({@link LogRow}) of entries
 * ({@link LogEntry}): every batch is logged before it is acknowledged. A claim finds out which
 * batches are in no log that readers will read ({@link LogProof}) and logs them again. {@link
 * MergedLogs} makes one sequence of all logs.
 *
 * <p>Why it holds: a fence read that does not find the revocation began before that was stored. So
 * the rows before it were stored before the claimer read the tail, and are in its history.
 *
 * <p>Nothing here knows Pekko, Cassandra or another package of Holdfast: storage is {@link
 * FenceStorage}, time is {@link FenceClock}. So the search over all interleavings, in this
 * package's tests, drives the code that production runs.
 */
@NullMarked
package io.holdfast.fence;

import org.jspecify.annotations.NullMarked;
