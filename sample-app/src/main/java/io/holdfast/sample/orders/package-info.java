// SPDX-License-Identifier: Apache-2.0
/**
 * A domain: the orders of a shop. {@code Order} decides and folds, {@code Orders} takes commands, and
 * {@code OrderView} is the read model that a durable subscription keeps.
 */
@NullMarked
package io.holdfast.sample.orders;

import org.jspecify.annotations.NullMarked;
