// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import java.net.InetSocketAddress;

/** Stands before one node of a cluster, and freezes in the middle of a claim. */
public final class ClaimGate implements AutoCloseable {
  private final CqlGate gate;

  private ClaimGate(CqlGate gate) {
    this.gate = gate;
  }

  public static ClaimGate start(InetSocketAddress cassandra) {
    return new ClaimGate(CqlGate.start(cassandra));
  }

  /** Where a driver connects to. */
  public InetSocketAddress address() {
    return gate.address();
  }

  /** The settings of the system behind it. */
  public String settings() {
    return gate.settings();
  }

  /** Freezes when a claim of the stream has read the epoch that follows its head. */
  public void freezeAfterEpochRead(String stream) {
    gate.freezeAt(CqlRequest.EPOCH_READ.of(stream), 1, CqlGate.Side.AFTER);
  }

  public void awaitFrozen() throws InterruptedException {
    gate.awaitFrozen();
  }

  public void thaw() {
    gate.thaw();
  }

  @Override
  public void close() {
    gate.close();
  }
}
