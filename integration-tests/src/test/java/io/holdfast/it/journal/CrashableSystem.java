// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import io.holdfast.it.TestConfig;
import io.holdfast.test.Patience;
import io.holdfast.test.TcpRelay;
import io.holdfast.testkit.CassandraExtension;
import java.io.InputStream;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;
import scala.jdk.javaapi.FutureConverters;

/** An actor system whose only way to Cassandra can be cut, as if its process had ended. */
final class CrashableSystem implements AutoCloseable {
  private final Supplier<CrashableSystem> starter;
  private final TcpRelay relay;
  private final ActorSystem system;

  private CrashableSystem(Supplier<CrashableSystem> starter, TcpRelay relay, ActorSystem system) {
    this.starter = starter;
    this.relay = relay;
    this.system = system;
  }

  static CrashableSystem start(CassandraExtension cassandra, String keyspace, String settings) {
    TcpRelay relay =
        TcpRelay.start(
            cassandra.contactPoint(),
            () -> new TcpRelay.Connection(InputStream::transferTo, InputStream::transferTo));
    String all =
        TestEventSerializer.SETTINGS
            + settings
            + """

            datastax-java-driver.basic.contact-points = ["127.0.0.1:%d"]
            pekko.persistence.snapshot-store.plugin = "holdfast.snapshot-store"
            """
                .formatted(relay.port());
    return new CrashableSystem(
        () -> start(cassandra, keyspace, settings),
        relay,
        ActorSystem.create("random", TestConfig.journal(cassandra, keyspace, all)));
  }

  ActorSystem actors() {
    return system;
  }

  /**
   * Nothing reaches Cassandra or comes from there any more, but what is on its way may arrive.
   * Answers the next system.
   */
  CrashableSystem crash() {
    relay.close();
    system.terminate();
    return starter.get();
  }

  /** Ends in good order, and answers the next system. */
  CrashableSystem restart() {
    close();
    return starter.get();
  }

  @Override
  public void close() {
    try {
      Patience.get(FutureConverters.asJava(system.terminate()));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    relay.close();
  }
}
