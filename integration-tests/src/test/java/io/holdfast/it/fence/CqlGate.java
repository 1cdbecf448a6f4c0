// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.test.Patience;
import io.holdfast.test.TcpRelay;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Stands between one actor system's driver and Cassandra, and freezes at an exact request: from
 * then on nothing passes on any connection, in either direction, as if the system's process had
 * been stopped. Thread-safe.
 */
final class CqlGate implements AutoCloseable {
  /** On which side of a request's effect to freeze. */
  enum Side {
    /** Cassandra has not got the request yet. */
    BEFORE,
    /** Cassandra has answered, and the answer is not passed on yet. */
    AFTER
  }

  /**
   * A request that executes something.
   *
   * @param cql the statement; of a batch its first
   */
  record Request(String cql, CqlFrame frame) {
    /** Whether a text is among the values. */
    boolean mentions(String value) {
      return frame.mentions(value);
    }
  }

  private final CqlStatements statements = new CqlStatements();
  private final TcpRelay relay;

  private @Nullable Trap trap;
  private @Nullable Predicate<Request> slow;
  private final List<Held> held = new ArrayList<>();
  private boolean frozen;
  private boolean closed;

  /** An answer that is not passed on yet. */
  private record Held(CqlFrame answer, OutputStream to) {}

  /** Counts the requests until the one to freeze at. */
  private static final class Trap {
    private final Predicate<Request> which;
    private final Side side;
    private int left;

    Trap(Predicate<Request> which, int occurrence, Side side) {
      this.which = which;
      this.left = occurrence;
      this.side = side;
    }

    boolean isSprungBy(Request request) {
      return which.test(request) && --left == 0;
    }
  }

  private CqlGate(InetSocketAddress cassandra) {
    this.relay = TcpRelay.start(cassandra, this::connection);
  }

  static CqlGate start(InetSocketAddress cassandra) {
    return new CqlGate(cassandra);
  }

  /** Where a driver connects to. */
  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), relay.port());
  }

  /**
   * The settings of the system behind the gate: it knows no other way to Cassandra, speaks what the
   * gate understands, and lets no freeze of a test time out.
   */
  String settings() {
    return """
        datastax-java-driver {
          basic.contact-points = ["127.0.0.1:%d"]
          basic.request.timeout = 10 minutes
          advanced.protocol { version = V4, compression = none }
          advanced.heartbeat { interval = 1 hour, timeout = 10 minutes }
          profiles.holdfast.basic.request.timeout = 10 minutes
        }
        holdfast {
          journal {
            recovery-event-timeout = 10 minutes
            circuit-breaker { max-failures = 1000000, call-timeout = 10 minutes }
          }
          event-store { append-timeout = 10 minutes, read-timeout = 10 minutes }
        }
        """
        .formatted(relay.port());
  }

  /**
   * Freezes at one of the requests to come.
   *
   * @param occurrence at which of those that match, counted from now; from 1
   */
  synchronized void freezeAt(Predicate<Request> which, int occurrence, Side side) {
    trap = new Trap(which, occurrence, side);
  }

  /** From now on holds back the answers to such requests, and nothing else. */
  synchronized void holdAnswers(Predicate<Request> which) {
    slow = which;
  }

  synchronized int heldAnswers() {
    return held.size();
  }

  /** Passes on the answers that were held back, and holds back no more. */
  synchronized void releaseAnswers() throws IOException {
    slow = null;
    for (Held late : held) {
      late.answer().writeTo(late.to());
    }
    held.clear();
  }

  synchronized void awaitFrozen() throws InterruptedException {
    long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
    while (!frozen) {
      long left = deadline - System.nanoTime();
      assertThat(left).as("the request to freeze at must come").isPositive();
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  /** Lets all pass, what was held first, and forgets what to freeze at. */
  synchronized void thaw() {
    trap = null;
    frozen = false;
    notifyAll();
  }

  /** Drops what is held and all connections, for good, as if the system's process had ended. */
  void kill() {
    synchronized (this) {
      closed = true;
      frozen = false;
      notifyAll();
    }
    relay.close();
  }

  @Override
  public void close() {
    kill();
  }

  private TcpRelay.Connection connection() {
    Connection connection = new Connection();
    return new TcpRelay.Connection(
        (from, to) -> relay(from, to, connection::onRequest),
        (from, to) -> relay(from, to, connection::onResponse));
  }

  private interface Watcher {
    /** Whether to pass it on, or to hold it back. */
    boolean onFrame(CqlFrame frame);
  }

  private void relay(InputStream from, OutputStream to, Watcher watcher) throws IOException {
    for (CqlFrame frame = CqlFrame.read(from); frame != null; frame = CqlFrame.read(from)) {
      if (watcher.onFrame(frame)) {
        pass(frame, to);
      } else {
        hold(new Held(frame, to));
      }
    }
  }

  /** Under the lock, so that nothing is on its way any more once the gate is frozen. */
  private synchronized void pass(CqlFrame frame, OutputStream to) throws IOException {
    try {
      while (frozen) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (closed) {
      throw new SocketException("the gate is closed");
    }
    frame.writeTo(to);
  }

  private synchronized void hold(Held answer) {
    held.add(answer);
  }

  private synchronized void freeze() {
    frozen = true;
    trap = null;
    notifyAll();
  }

  private final class Connection {
    private final CqlStatements.Preparing preparing = statements.new Preparing();
    private final Set<Short> awaited = new HashSet<>();
    private final Set<Short> slowOnes = new HashSet<>();

    boolean onRequest(CqlFrame frame) {
      preparing.request(frame);
      String statement = statements.executedBy(frame);
      synchronized (CqlGate.this) {
        Trap armed = trap;
        if (statement == null) {
          return true;
        }
        Request request = new Request(statement, frame);
        if (slow != null && slow.test(request)) {
          slowOnes.add(frame.stream());
        }
        if (armed == null || !armed.isSprungBy(request)) {
          return true;
        }
        if (armed.side == Side.BEFORE) {
          freeze();
        } else {
          awaited.add(frame.stream());
        }
        return true;
      }
    }

    boolean onResponse(CqlFrame frame) {
      preparing.response(frame);
      synchronized (CqlGate.this) {
        if (awaited.remove(frame.stream())) {
          freeze();
        }
        return !slowOnes.remove(frame.stream());
      }
    }
  }
}
