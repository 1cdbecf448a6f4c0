// SPDX-License-Identifier: Apache-2.0
/**
 * What {@code ./benchmark} runs. A benchmark asserts nothing: it measures its variants in turn, in
 * interleaved rounds on one Cassandra, and reports medians, as a table and as JSON.
 *
 * <p>{@link io.holdfast.benchmarks.BenchmarkMain} is the entry, with a subcommand for each
 * benchmark. {@link io.holdfast.benchmarks.WorkerMain} is the process of what is measured or
 * compared with, each with a class path of its own.
 */
@NullMarked
package io.holdfast.benchmarks;

import org.jspecify.annotations.NullMarked;
