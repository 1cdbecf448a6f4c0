// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.subscription;

/**
 * What became of parked events that were handed to the handler again.
 *
 * @param handled how many were handled, and are parked no more
 * @param gone how many had been deleted from their streams, and are parked no more
 * @param failed how many the handler failed at again; they stay parked
 */
public record ReplayedEvents(int handled, int gone, int failed) {}
