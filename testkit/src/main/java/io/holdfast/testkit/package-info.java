// SPDX-License-Identifier: Apache-2.0
/**
 * What tests of event-sourced code need.
 *
 * <p>{@link io.holdfast.testkit.DeciderSpecification} tests the decisions of a {@link
 * io.holdfast.eventstore.decider.Decider} without any store, {@link
 * io.holdfast.testkit.StreamAssert} what stands in a stream, and {@link
 * io.holdfast.testkit.TestClock} and {@link io.holdfast.testkit.CountingIds} make times and ids
 * known beforehand.
 *
 * <p>{@link io.holdfast.testkit.CassandraExtension} gives JUnit 5 tests a real Cassandra, shared by
 * all tests of a JVM: in a container where Docker answers, otherwise embedded.
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
