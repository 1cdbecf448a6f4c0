// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.datastax.oss.driver.api.core.RequestThrottlingException;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverExecutionProfile;
import com.datastax.oss.driver.api.core.config.DriverOption;
import com.datastax.oss.driver.api.core.context.DriverContext;
import com.datastax.oss.driver.api.core.session.throttling.Throttled;
import com.datastax.oss.driver.internal.core.session.throttling.ConcurrencyLimitingRequestThrottler;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the requests that are under way, and those that wait for their turn. Public because the
 * driver creates it by name. Thread-safe.
 *
 * <p>The driver's own throttler takes no lock since version 4.19. A request that begins to wait in
 * the moment in which the last one under way ends is started by nobody then, and all that come
 * later wait behind it until they time out. It is extended only because the driver's metric {@code
 * throttling.queue-size} asks for its type.
 */
public final class RequestQueue extends ConcurrencyLimitingRequestThrottler {
  /** Where the settings stand that bound it, for messages. */
  static final DriverOption SETTINGS = () -> "advanced.throttler.holdfast-settings";

  private final int maxUnderWay;
  private final int maxWaiting;
  private final String path;

  /** In the order in which they came; empty while fewer are under way than may be. */
  private final Set<Throttled> waiting = new LinkedHashSet<>();

  /** Requests whose end is still to be answered with the start of another one. */
  private static final class Ended {
    int count;
    boolean isStarting;
  }

  private final ThreadLocal<Ended> endedOnThisThread = ThreadLocal.withInitial(Ended::new);

  private int underWay;
  private boolean closed;

  public RequestQueue(DriverContext context) {
    super(context);
    DriverExecutionProfile settings = context.getConfig().getDefaultProfile();
    this.maxUnderWay =
        settings.getInt(DefaultDriverOption.REQUEST_THROTTLER_MAX_CONCURRENT_REQUESTS);
    this.maxWaiting = settings.getInt(DefaultDriverOption.REQUEST_THROTTLER_MAX_QUEUE_SIZE);
    this.path = settings.getString(SETTINGS, "holdfast.cassandra");
  }

  @Override
  public void register(Throttled request) {
    boolean starts;
    synchronized (this) {
      starts = !closed && underWay < maxUnderWay;
      if (starts) {
        underWay++;
      } else if (!closed && waiting.size() < maxWaiting) {
        waiting.add(request);
        return;
      }
    }
    if (starts) {
      request.onThrottleReady(false);
    } else {
      refuse(request);
    }
  }

  private void refuse(Throttled request) {
    boolean shutDown;
    synchronized (this) {
      shutDown = closed;
    }
    request.onThrottleFailure(
        new RequestThrottlingException(
            shutDown
                ? "the session is shutting down"
                : "%,d requests are under way and %,d wait for their turn; raise %s.max-concurrent-requests or max-queued-requests, or send less"
                    .formatted(maxUnderWay, maxWaiting, path)));
  }

  @Override
  public void signalSuccess(Throttled request) {
    ended();
  }

  @Override
  public void signalError(Throttled request, Throwable error) {
    ended();
  }

  @Override
  public void signalTimeout(Throttled request) {
    givenUp(request);
  }

  @Override
  public void signalCancel(Throttled request) {
    givenUp(request);
  }

  private void givenUp(Throttled request) {
    synchronized (this) {
      if (waiting.remove(request)) {
        return;
      }
    }
    ended();
  }

  /**
   * Starts one that waits. Where the driver has no connection, that one ends within its start, and
   * so on: the outermost call on a thread starts all of them, one after the other.
   */
  private void ended() {
    Ended ended = endedOnThisThread.get();
    ended.count++;
    if (ended.isStarting) {
      return;
    }
    ended.isStarting = true;
    try {
      for (; ended.count > 0; ended.count--) {
        Throttled next = next();
        if (next != null) {
          next.onThrottleReady(true);
        }
      }
    } finally {
      ended.isStarting = false;
      ended.count = 0;
    }
  }

  /** Takes the first that waits; if none does, one less is under way. */
  private synchronized @Nullable Throttled next() {
    Iterator<Throttled> first = waiting.iterator();
    if (!first.hasNext()) {
      underWay--;
      return null;
    }
    Throttled next = first.next();
    first.remove();
    return next;
  }

  @Override
  public void close() {
    List<Throttled> refused;
    synchronized (this) {
      closed = true;
      refused = List.copyOf(waiting);
      waiting.clear();
    }
    refused.forEach(this::refuse);
  }

  @Override
  public synchronized int getQueueSize() {
    return waiting.size();
  }
}
