// SPDX-License-Identifier: Apache-2.0
/**
 * One writer per stream: writers, epochs and claims, as pure state machines over {@link
 * io.holdfast.fence.FenceStorage}.
 *
 * <p>A <em>writer</em> is one journal instance in one actor system. An <em>epoch</em> is one
 * writer's uninterrupted ownership of one stream, and the write timestamp of all rows that it
 * writes there. A <em>claim</em> takes a stream over from another writer. A write is <em>in
 * doubt</em> while its outcome is not known. The words and rules are those of {@code
 * docs/storage-format.md}.
 *
 * <p>Nothing here knows Pekko, Cassandra or another package of Holdfast, so that a search over all
 * interleavings can drive the code that production runs.
 */
@NullMarked
package io.holdfast.fence;

import org.jspecify.annotations.NullMarked;
