// SPDX-License-Identifier: Apache-2.0
/**
 * {@code ./demo failover}: load over HTTP, a node that dies or freezes, and the question whether
 * every acknowledged event is there, once, in order.
 */
@NullMarked
package io.holdfast.sample.failover;

import org.jspecify.annotations.NullMarked;
