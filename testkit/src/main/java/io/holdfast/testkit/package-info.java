// SPDX-License-Identifier: Apache-2.0
/**
 * A real Cassandra for JUnit 5 tests, shared by all tests of a JVM: in a container where Docker
 * answers, otherwise embedded.
 *
 * <pre>{@code
 * class OrdersTest {
 *   @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();
 *
 *   private final String keyspace = CASSANDRA.newKeyspaceName();
 *
 *   @Test
 *   void storesOrders() {
 *     Config config =
 *         ConfigFactory.parseString("holdfast.cassandra.keyspace = " + keyspace)
 *             .withFallback(CASSANDRA.config())
 *             .withFallback(ConfigFactory.load());
 *     // start an actor system with it
 *   }
 * }
 * }</pre>
 *
 * <p>The system property or JUnit configuration parameter {@code holdfast.test.cassandra} chooses:
 * {@code auto}, {@code testcontainers} or {@code embedded}.
 */
@NullMarked
package io.holdfast.testkit;

import org.jspecify.annotations.NullMarked;
