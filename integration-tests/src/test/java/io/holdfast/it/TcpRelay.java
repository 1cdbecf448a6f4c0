// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it;

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
import java.util.function.Supplier;

/**
 * Stands between driver and Cassandra: for each connection that it takes on loopback it opens one
 * to the target. What passes, and when, is up to the pumps. Thread-safe.
 */
public final class TcpRelay implements AutoCloseable {
  /** Moves what comes from one side to the other, on a thread of its own, until either is gone. */
  public interface Pump {
    void run(InputStream from, OutputStream to) throws IOException;
  }

  /** The two ways of one connection; both sides are closed when either ends. */
  public record Connection(Pump requests, Pump responses) {}

  private final InetSocketAddress target;
  private final Supplier<Connection> connections;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  private TcpRelay(InetSocketAddress target, Supplier<Connection> connections) throws IOException {
    this.target = target;
    this.connections = connections;
    this.server = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
  }

  /**
   * Listens on a port of its own.
   *
   * @param connections called for each new connection
   */
  public static TcpRelay start(InetSocketAddress target, Supplier<Connection> connections) {
    try {
      TcpRelay relay = new TcpRelay(target, connections);
      relay.run("accept", relay::accept);
      return relay;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Cuts all connections. New ones are taken at once. */
  public void cut() {
    sockets.forEach(this::close);
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
                // One side is gone, or the relay is closed.
              }
            },
            "tcp-relay-" + name);
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
      Connection connection = connections.get();
      run("requests", () -> pump(connection.requests(), client, cassandra));
      run("responses", () -> pump(connection.responses(), cassandra, client));
    }
  }

  private void pump(Pump pump, Socket from, Socket to) throws IOException {
    try {
      pump.run(from.getInputStream(), to.getOutputStream());
    } finally {
      close(from);
      close(to);
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

  /** Cuts all connections, and takes no more. */
  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
  }
}
