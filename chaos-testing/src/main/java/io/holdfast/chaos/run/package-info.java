// SPDX-License-Identifier: Apache-2.0
/**
 * A run: three Cassandra nodes, some application processes, clients that record a history, and what
 * breaks things meanwhile.
 *
 * <p>{@link io.holdfast.chaos.run.ChaosRun} is the entry. {@code Applications} keeps the processes
 * ({@code AppProcess}), {@code Replicas} the Cassandra nodes; {@code Nemesis} breaks both by a
 * seed; {@code StreamClient}, {@code ActorClient} and {@code FeedReader} are the workload.
 */
@NullMarked
package io.holdfast.chaos.run;

import org.jspecify.annotations.NullMarked;
