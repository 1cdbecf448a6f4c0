// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

/**
 * How a writer works.
 *
 * @param fencing whether writes are confirmed by fence reads, and lost streams revoked; without,
 *     two live writers of a stream lose events
 * @param maxOverlappingFenceReads the most fence reads under way at a time, from 1
 * @param maxOpenLogRows the most rows of the commit log that are under way, or wait for what
 *     becomes of their batches, at a time; 0 for no log
 * @param maxBatchSize the most sequence numbers that a batch may take, filled ones included
 * @param maxRememberedStreams how many idle streams to remember, so that their next use costs less
 */
public record WriterSettings(
    boolean fencing,
    int maxOverlappingFenceReads,
    int maxOpenLogRows,
    int maxBatchSize,
    int maxRememberedStreams) {}
