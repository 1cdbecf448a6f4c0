// SPDX-License-Identifier: Apache-2.0
package io.holdfast.test;

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
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a client and a server, such as driver and Cassandra: for each connection that it
 * takes on loopback it opens one to the target. What passes, and when, is up to the pumps. A
 * connection is closed at once where the target takes none. Thread-safe.
 */
public final class TcpRelay implements AutoCloseable {
  /** Moves what comes from one side to the other, on a thread of its own, until either is gone. */
  public interface Pump {
    void run(InputStream from, OutputStream to) throws IOException;
  }

  /** The two ways of one connection; both sides are closed when either ends. */
  public record Connection(Pump requests, Pump responses) {}

  private final InetSocketAddress target;
  private final Function<InetAddress, Connection> connections;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  private TcpRelay(
      InetSocketAddress listen,
      InetSocketAddress target,
      Function<InetAddress, Connection> connections)
      throws IOException {
    this.target = target;
    this.connections = connections;
    this.server = new ServerSocket(listen.getPort(), 50, listen.getAddress());
  }

  /**
   * Listens on a port of its own.
   *
   * @param connections called for each new connection
   */
  public static TcpRelay start(InetSocketAddress target, Supplier<Connection> connections) {
    return start(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        target,
        client -> connections.get());
  }

  /**
   * Listens on an address.
   *
   * @param listen with port 0 for any that is free
   * @param connections called for each new connection with its client's address
   */
  public static TcpRelay start(
      InetSocketAddress listen,
      InetSocketAddress target,
      Function<InetAddress, Connection> connections) {
    try {
      TcpRelay relay = new TcpRelay(listen, target, connections);
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
      sockets.add(client);
      Socket backend = connect();
      if (backend == null) {
        close(client);
        continue;
      }
      client.setTcpNoDelay(true);
      sockets.add(backend);
      Connection connection = connections.apply(client.getInetAddress());
      run("requests", () -> pump(connection.requests(), client, backend));
      run("responses", () -> pump(connection.responses(), backend, client));
    }
  }

  private @Nullable Socket connect() {
    try {
      Socket socket = new Socket(target.getAddress(), target.getPort());
      socket.setTcpNoDelay(true);
      return socket;
    } catch (IOException nobodyListens) {
      return null;
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
