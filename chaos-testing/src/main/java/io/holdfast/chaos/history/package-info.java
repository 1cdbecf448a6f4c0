// SPDX-License-Identifier: Apache-2.0
/**
 * Histories: what clients asked of a store, what they were answered, and what was broken meanwhile,
 * as one process saw it. Knows nothing of the product.
 *
 * <p>A history is a file of JSON lines. The first is a {@link
 * io.holdfast.chaos.history.HistoryRecord.Header}; after it come an {@link
 * io.holdfast.chaos.history.HistoryRecord.Invocation} and a {@link
 * io.holdfast.chaos.history.HistoryRecord.Completion} for each operation, faults, and the
 * deliveries of consumers. An invocation without a completion has an unknown outcome, so that a
 * file that was cut off anywhere is a history too.
 *
 * <p>{@link io.holdfast.chaos.history.HistoryWriter} records:
 *
 * <pre>{@code
 * try (HistoryWriter history = HistoryWriter.create(file, seed, Map.of("clients", "8"))) {
 *   long operation = history.invoke("client-1", new Operation.Append("Order|17", List.of("e1"), Expected.exactly(4)));
 *   ... // the call
 *   history.complete(operation, Outcome.ok(new Result.Appended(5, 5, false)));
 * }
 * }</pre>
 *
 * {@link io.holdfast.chaos.history.HistoryReader} reads it, a record at a time.
 */
@NullMarked
package io.holdfast.chaos.history;

import org.jspecify.annotations.NullMarked;
