// SPDX-License-Identifier: Apache-2.0
/**
 * Cassandra late, lost, frozen or restarted: what the event store answers, and what it has stored
 * afterwards.
 */
@NullMarked
package io.holdfast.it.failure;

import org.jspecify.annotations.NullMarked;
