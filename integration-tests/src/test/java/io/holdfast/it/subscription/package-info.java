// SPDX-License-Identifier: Apache-2.0
/** Durable subscriptions to the feed, on nodes of a real cluster. */
@NullMarked
package io.holdfast.it.subscription;

import org.jspecify.annotations.NullMarked;
