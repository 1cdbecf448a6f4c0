// SPDX-License-Identifier: Apache-2.0
/**
 * Nodes as processes: {@code ./demo serve} starts a Cassandra and several nodes, each a JVM of its
 * own ({@code ./demo node}), which form a Pekko cluster.
 */
@NullMarked
package io.holdfast.sample.cluster;

import org.jspecify.annotations.NullMarked;
