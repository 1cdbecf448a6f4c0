// SPDX-License-Identifier: Apache-2.0
/**
 * Aggregates in ten lines: a {@link io.holdfast.eventstore.decider.Decider} holds the decisions of
 * a kind of stream as pure functions, and a {@link io.holdfast.eventstore.decider.CommandHandler}
 * brings them to the streams of an {@link io.holdfast.eventstore.EventStore}.
 */
@NullMarked
package io.holdfast.eventstore.decider;

import org.jspecify.annotations.NullMarked;
