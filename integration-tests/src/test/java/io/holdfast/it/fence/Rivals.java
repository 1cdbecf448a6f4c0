// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import io.holdfast.testkit.CassandraExtension;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;

/** Starts contenders for the streams of the package's one keyspace, and ends them. */
final class Rivals implements AutoCloseable {
  /** One for all tests, since creating tables takes seconds; each proof has streams of its own. */
  private static final String KEYSPACE = CassandraExtension.shared().newKeyspaceName();

  private final CassandraExtension cassandra;
  private final String settings;

  /** The last one first, so that systems end before the gates that they are behind. */
  private final Deque<Runnable> endings = new ArrayDeque<>();

  /**
   * Starts nothing yet.
   *
   * @param settings of all contenders
   */
  Rivals(CassandraExtension cassandra, String settings) {
    this.cassandra = cassandra;
    this.settings = settings;
  }

  Contender start(ContenderKind kind) {
    return start(kind, settings, InstantSource.system());
  }

  CqlGate startGate() {
    CqlGate gate = CqlGate.start(cassandra.contactPoint());
    endings.push(gate::close);
    return gate;
  }

  /** A contender that the gate can freeze. */
  Contender start(ContenderKind kind, CqlGate gate) {
    return start(kind, gate, InstantSource.system());
  }

  /** A contender that the gate can freeze, with a clock of its own. */
  Contender start(ContenderKind kind, CqlGate gate, InstantSource clock) {
    return start(kind, settings + gate.settings(), clock);
  }

  private Contender start(ContenderKind kind, String allSettings, InstantSource clock) {
    Contender contender = kind.start(cassandra, KEYSPACE, allSettings, clock);
    endings.push(contender::close);
    return contender;
  }

  @Override
  public void close() {
    while (!endings.isEmpty()) {
      endings.pop().run();
    }
  }
}
