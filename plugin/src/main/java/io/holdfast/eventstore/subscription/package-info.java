// SPDX-License-Identifier: Apache-2.0
/**
 * Durable subscriptions: a named consumer of the feed of all events, whose work is shared by the
 * nodes of the cluster and whose place is kept in Cassandra. Begin with {@link
 * io.holdfast.eventstore.subscription.DurableSubscription#named}, on every node of the cluster:
 *
 * <pre>{@code
 * DurableSubscription orders =
 *     DurableSubscription.named("order-list")
 *         .filter(FeedFilter.all().entityType("Order"))
 *         .from(FeedOffset.beginning())
 *         .instances(4)
 *         .start(system, store, event -> view.update(event));
 * }</pre>
 */
@NullMarked
package io.holdfast.eventstore.subscription;

import org.jspecify.annotations.NullMarked;
