// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CassandraExtensionTest {

  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final InetSocketAddress FROM_STATIC_INITIALISER = CASSANDRA.contactPoint();
  private static Config config = ConfigFactory.empty();

  private final String keyspace = CASSANDRA.newKeyspaceName();

  @BeforeAll
  static void configure() {
    config = CASSANDRA.config();
  }

  @Test
  void configuresAnyDriver() {
    DriverConfigLoader loader = DriverConfigLoader.fromString(config.root().render());

    try (CqlSession session = CqlSession.builder().withConfigLoader(loader).build()) {
      assertThat(versionSeenBy(session)).startsWith("5.");
    }
  }

  @Test
  void sessionSeesWhatAnotherOneWrote() {
    CqlSession session = CASSANDRA.session();
    createKeyspace(session);
    session.execute("CREATE TABLE " + keyspace + ".numbers (id int PRIMARY KEY)");

    try (CqlSession other = Sessions.open(CASSANDRA.contactPoint(), CASSANDRA.localDatacenter())) {
      other.execute("INSERT INTO " + keyspace + ".numbers (id) VALUES (7)");
    }

    assertThat(session.execute("SELECT id FROM " + keyspace + ".numbers").all())
        .extracting(row -> row.getInt("id"))
        .containsExactly(7);
  }

  @Test
  void keepsItsSessionUntilATestClosesIt() {
    CqlSession first = CASSANDRA.session();
    assertThat(CASSANDRA.session()).isSameAs(first);

    first.close();

    assertThat(versionSeenBy(CASSANDRA.session())).startsWith("5.");
  }

  @Test
  void keepsTheNodeOfAStaticInitialiser() {
    assertThat(CASSANDRA.contactPoint()).isEqualTo(FROM_STATIC_INITIALISER);
    assertThat(config.getStringList("datastax-java-driver.basic.contact-points"))
        .containsExactly(
            FROM_STATIC_INITIALISER.getHostString() + ":" + FROM_STATIC_INITIALISER.getPort());
  }

  @Test
  void namesKeyspacesThatNeedNoQuotes() {
    createKeyspace(CASSANDRA.session());

    assertThat(CASSANDRA.session().refreshSchema().getKeyspace(keyspace)).isPresent();
  }

  private void createKeyspace(CqlSession session) {
    session.execute(
        "CREATE KEYSPACE "
            + keyspace
            + " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
  }

  private static String versionSeenBy(CqlSession session) {
    return Objects.toString(
        Objects.requireNonNull(session.execute("SELECT release_version FROM system.local").one())
            .getString(0));
  }
}
