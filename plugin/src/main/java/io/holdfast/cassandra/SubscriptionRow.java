// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import java.util.UUID;

/**
 * What is wanted of a durable subscription.
 *
 * @param instances how many slice ranges share its work; never changes
 * @param generation a new one with each reset, a time UUID
 * @param beginsAt the offset where the generation begins, as text
 * @param paused whether its instances are to rest
 */
public record SubscriptionRow(int instances, UUID generation, String beginsAt, boolean paused) {}
