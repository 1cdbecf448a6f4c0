// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.failover;

import java.time.Duration;

/**
 * How a round goes.
 *
 * @param streams that are written to
 * @param before how long all is well before the node dies
 * @param after how long the load goes on after all streams are writable again
 */
record FailoverOptions(int streams, Duration before, Duration after) {}
