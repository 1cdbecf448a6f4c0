// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import io.holdfast.cassandra.EventRow;

/**
 * An event of the feed, as it is stored.
 *
 * @param offset the place after it
 */
public record FeedRow(EventRow row, FeedOffset offset) {}
