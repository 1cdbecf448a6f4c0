// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.failure;

import io.holdfast.test.TcpRelay;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;

/**
 * Stands between driver and Cassandra, and cuts all connections after a given number of bytes,
 * counted over both directions: in the middle of a frame, if it falls there. New connections are
 * taken at once. Thread-safe.
 */
final class TcpProxy implements AutoCloseable {
  private static final long NEVER = Long.MAX_VALUE;

  private final TcpRelay relay;

  private long bytesLeft = NEVER;
  private int cuts;

  private TcpProxy(InetSocketAddress target) {
    this.relay =
        TcpRelay.start(target, () -> new TcpRelay.Connection(this::transfer, this::transfer));
  }

  static TcpProxy start(InetSocketAddress target) {
    return new TcpProxy(target);
  }

  int port() {
    return relay.port();
  }

  /** Cuts all connections once so many more bytes have passed. */
  synchronized void cutAfter(long bytes) {
    bytesLeft = bytes;
  }

  /** How often the connections have been cut. */
  synchronized int cuts() {
    return cuts;
  }

  private void transfer(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[8192];
    for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
      int allowed = take(count);
      to.write(buffer, 0, allowed);
      if (allowed < count) {
        cut();
      }
    }
  }

  private synchronized int take(int count) {
    if (bytesLeft == NEVER) {
      return count;
    }
    int allowed = (int) Math.min(count, bytesLeft);
    bytesLeft -= allowed;
    return allowed;
  }

  private synchronized void cut() {
    if (bytesLeft == 0) {
      bytesLeft = NEVER;
      cuts++;
      relay.cut();
    }
  }

  /** Cuts all connections, and takes no more. */
  void shutDown() {
    relay.close();
  }

  @Override
  public void close() {
    relay.close();
  }
}
