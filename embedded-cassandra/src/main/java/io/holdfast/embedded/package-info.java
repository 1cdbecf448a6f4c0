// SPDX-License-Identifier: Apache-2.0
/**
 * A real Cassandra node in a child JVM, or a small cluster of them, for tests and demos. Nothing
 * needs to be installed: Cassandra comes from Maven Central, inside {@code
 * holdfast-cassandra-distribution}.
 *
 * <pre>{@code
 * try (EmbeddedCassandra node = EmbeddedCassandra.builder().start();
 *     CqlSession session =
 *         CqlSession.builder()
 *             .addContactPoint(node.contactPoint())
 *             .withLocalDatacenter(node.datacenter())
 *             .build()) {
 *   session.execute("SELECT release_version FROM system.local");
 * }
 * }</pre>
 *
 * <p>The node binds to a loopback address only, has its own JVM, class path and environment, and
 * ends with the JVM that started it, however that one ends. Every call blocks; none belongs on an
 * actor's or an event loop's thread.
 */
@NullMarked
package io.holdfast.embedded;

import org.jspecify.annotations.NullMarked;
