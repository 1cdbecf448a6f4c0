// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import com.datastax.oss.driver.api.core.CqlSession;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a real Cassandra: one node for all tests of a JVM. It starts when a method first
 * needs it, which takes some ten seconds, and ends with the JVM.
 *
 * <p>Register it as a field, {@code @RegisterExtension static final CassandraExtension CASSANDRA =
 * CassandraExtension.shared()}, or as {@code @ExtendWith(CassandraExtension.class)} with a
 * parameter of this type in constructors, tests and lifecycle methods. It works in static and
 * instance initialisers too. All instances stand for the same node.
 *
 * <p>Thread-safe. A node that could not be started fails every later call with the first cause. The
 * methods that need the node throw {@link IllegalArgumentException} for an invalid {@code
 * holdfast.test.cassandra}, and {@link IllegalStateException} if the source that it demands is not
 * to be had.
 */
public final class CassandraExtension
    implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {

  private static final CassandraExtension SHARED = new CassandraExtension();
  private static final Namespace NAMESPACE = Namespace.create(CassandraExtension.class);

  /** For JUnit, which makes one for {@code @ExtendWith}; tests call {@link #shared}. */
  CassandraExtension() {}

  /** The extension for the one node of this JVM. */
  public static CassandraExtension shared() {
    return SHARED;
  }

  /** Where the node listens for CQL. */
  public InetSocketAddress contactPoint() {
    return SharedCassandra.INSTANCE.node().contactPoint();
  }

  /** The local data center that a driver has to be told. */
  public String localDatacenter() {
    return SharedCassandra.INSTANCE.node().localDatacenter();
  }

  /**
   * A name that no other call returns, for a keyspace that the test creates: lower-case letters,
   * digits and underscores, so that CQL needs no quotes. Does not start the node.
   */
  public String newKeyspaceName() {
    return KeyspaceNames.next();
  }

  /**
   * Tells a driver in an actor system where the node is: {@code
   * datastax-java-driver.basic.contact-points} and {@code
   * datastax-java-driver.basic.load-balancing-policy.local-datacenter}, and nothing else.
   */
  public Config config() {
    CassandraNode node = SharedCassandra.INSTANCE.node();
    InetSocketAddress address = node.contactPoint();
    return ConfigFactory.parseMap(
        Map.of(
            "datastax-java-driver.basic.contact-points",
            List.of(address.getHostString() + ":" + address.getPort()),
            "datastax-java-driver.basic.load-balancing-policy.local-datacenter",
            node.localDatacenter()),
        "the test's Cassandra");
  }

  /**
   * A session for assertions, without a keyspace, with the driver's own defaults and long timeouts;
   * the test's {@code application.conf} does not count. The driver's metadata of keyspaces and
   * tables is off, so that statements which change them take no second each; {@link
   * CqlSession#refreshSchema} reads it. Shared by all tests; a new one if a test has closed the
   * last.
   */
  public CqlSession session() {
    return SharedCassandra.INSTANCE.session();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    join(context);
  }

  /** Also for an extension that is registered in an instance field. */
  @Override
  public void beforeEach(ExtensionContext context) {
    join(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == CassandraExtension.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    join(context); // A constructor of a test class with one instance comes before beforeAll.
    return SHARED;
  }

  /** Takes the settings of the test plan, once. */
  private static void join(ExtensionContext context) {
    context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            TestSettings.class,
            key -> {
              TestSettings settings = TestSettings.from(context);
              SharedCassandra.INSTANCE.configure(settings);
              return settings;
            });
  }
}
