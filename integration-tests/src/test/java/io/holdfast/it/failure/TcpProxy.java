// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.failure;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between driver and Cassandra, and cuts all connections after a given number of bytes,
 * counted over both directions: in the middle of a frame, if it falls there. New connections are
 * taken at once. Thread-safe.
 */
final class TcpProxy implements AutoCloseable {
  private static final long NEVER = Long.MAX_VALUE;

  private final InetSocketAddress target;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  private long bytesLeft = NEVER;
  private int cuts;

  private TcpProxy(InetSocketAddress target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
  }

  static TcpProxy start(InetSocketAddress target) {
    try {
      TcpProxy proxy = new TcpProxy(target);
      proxy.run("accept", proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return server.getLocalPort();
  }

  /** Cuts all connections once so many more bytes have passed. */
  synchronized void cutAfter(long bytes) {
    bytesLeft = bytes;
  }

  /** How often the connections have been cut. */
  synchronized int cuts() {
    return cuts;
  }

  private interface Task {
    void run() throws IOException;
  }

  private void run(String name, Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException ended) {
                // One side is gone, or the proxy is closed.
              }
            },
            "tcp-proxy-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = server.accept();
      Socket cassandra = new Socket(target.getAddress(), target.getPort());
      client.setTcpNoDelay(true);
      cassandra.setTcpNoDelay(true);
      sockets.add(client);
      sockets.add(cassandra);
      run("requests", () -> pump(client, cassandra));
      run("responses", () -> pump(cassandra, client));
    }
  }

  private void pump(Socket from, Socket to) throws IOException {
    byte[] buffer = new byte[8192];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        int allowed = take(count);
        out.write(buffer, 0, allowed);
        if (allowed < count) {
          cut();
        }
      }
    } finally {
      close(from);
      close(to);
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
      sockets.forEach(this::close);
    }
  }

  private void close(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    sockets.forEach(this::close);
  }
}
