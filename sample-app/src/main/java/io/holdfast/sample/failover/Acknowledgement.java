// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.failover;

/**
 * An event of which a client was told that it is stored.
 *
 * @param expectedVersion at which the client appended it
 * @param version that the answer named
 * @param begunNanos when its first attempt was sent
 * @param sentNanos when the attempt that was answered was sent
 * @param answeredNanos when the answer came
 * @param repeated whether an earlier attempt had stored it
 */
record Acknowledgement(
    String eventId,
    long expectedVersion,
    long version,
    long begunNanos,
    long sentNanos,
    long answeredNanos,
    boolean repeated) {}
