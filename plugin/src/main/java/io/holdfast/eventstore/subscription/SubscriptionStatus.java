// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.subscription;

import java.util.List;

/**
 * How a durable subscription does.
 *
 * @param paused whether its instances are to rest; each hears of it a moment later
 * @param instances all of them, by their numbers
 */
public record SubscriptionStatus(String name, boolean paused, List<InstanceStatus> instances) {}
