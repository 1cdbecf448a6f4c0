// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.orders;

import java.time.Instant;

/**
 * An order in the list of all.
 *
 * @param version of the last event that it has
 * @param updated when that was recorded
 */
public record OrderRow(String orderId, long version, Instant updated, OrderState state) {}
