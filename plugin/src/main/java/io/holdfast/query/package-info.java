// SPDX-License-Identifier: Apache-2.0
/**
 * Reads without the actor: {@link io.holdfast.query.HoldfastReadJournal} for any persistent actor,
 * and the event store's streams. Only what is settled is ever emitted.
 */
@NullMarked
package io.holdfast.query;

import org.jspecify.annotations.NullMarked;
