// SPDX-License-Identifier: Apache-2.0
/**
 * What {@code ./demo} runs without a command: an event log goes into an event store on a cluster of
 * several nodes and a real Cassandra, is read back and compared.
 *
 * <p>{@code Demo} tells the story in order; {@code StreamAppender} shows how a client appends with
 * expected versions and what it does about each of the store's four kinds of failure, {@code
 * DemoCluster} how nodes are started, and {@code FiveOperations} the whole API on one stream.
 */
@NullMarked
package io.holdfast.sample.demo;

import org.jspecify.annotations.NullMarked;
