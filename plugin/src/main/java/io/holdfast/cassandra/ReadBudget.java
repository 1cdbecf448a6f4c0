// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.Objects.requireNonNull;

import io.holdfast.fence.FenceException;
import io.holdfast.fence.FenceException.Effect;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that all reads of an actor system hold together. A read reserves the largest answer
 * that it may get before it sends its request, keeps the size of the answer that it got, and gives
 * that back when its page is used. A read that finds no room waits, in order, for a bounded time.
 * Thread-safe; nothing blocks.
 *
 * <p>A quarter is left to reads that the node itself uses up, and the checks of the fence have room
 * of their own: however slowly consumers take their events, actors recover and streams are
 * activated. A read whose kind holds nothing is always let in, whatever its size.
 */
final class ReadBudget {
  /** Who decides how long a page is held. */
  enum Holder {
    /**
     * This node: a row or a batch on which a decision rests. They have an eighth of their own,
     * beside the rest, and wait for each other only.
     */
    CHECK,
    /** This node: a recovery, the collection of a result. */
    NODE,
    /** Whoever runs a source. */
    CONSUMER
  }

  /**
   * The section's keys.
   *
   * @param maxWaiting the most reads that wait
   * @param timeout how long a read waits, unless it says otherwise
   */
  record Limits(long maxBytes, int maxWaiting, Duration timeout) {}

  private final class Waiter {
    final Share share;
    final long number = nextNumber++;
    final long least;
    final long most;
    long grant;
    final CompletableFuture<Long> granted = new CompletableFuture<>();

    Waiter(Share share, long least, long most) {
      this.share = share;
      this.least = least;
      this.most = most;
    }
  }

  private final String section;
  private final Limits limits;
  private final Executor executor;
  private final Map<Holder, Long> held = new EnumMap<>(Holder.class);
  private final Map<Holder, Queue<Waiter>> waiting = new EnumMap<>(Holder.class);
  private long nextNumber;

  /** Of what is held, what answers may take that Cassandra has not given yet. */
  private long underWayBytes;

  private boolean closed;

  /**
   * @param section the path of the section that has the limits
   * @param executor where reads go on that have waited
   */
  ReadBudget(String section, Limits limits, Executor executor) {
    this.section = section;
    this.limits = limits;
    this.executor = executor;
    for (Holder holder : Holder.values()) {
      held.put(holder, 0L);
      waiting.put(holder, new ArrayDeque<>());
    }
  }

  Limits limits() {
    return limits;
  }

  long maxBytes() {
    return limits.maxBytes();
  }

  /** The bytes that are held now. */
  synchronized long heldBytes() {
    return held(Holder.CHECK) + held(Holder.NODE) + held(Holder.CONSUMER);
  }

  private synchronized long underWayBytes() {
    return underWayBytes;
  }

  synchronized int waiting() {
    return waiting.values().stream().mapToInt(Queue::size).sum();
  }

  /**
   * Begins a read, which holds nothing yet.
   *
   * @param timeout how long it waits for its turn; {@code null} for the usual time
   * @param operation what it does, as the end of "the request to …"
   */
  Share open(Holder holder, @Nullable Duration timeout, String operation) {
    return new Share(holder, timeout == null ? limits.timeout() : timeout, operation);
  }

  /** Refuses all that wait, and all that come. */
  void close() {
    List<Waiter> refused = new ArrayList<>();
    synchronized (this) {
      closed = true;
      waiting.values().forEach(refused::addAll);
      waiting.values().forEach(Queue::clear);
    }
    refused.forEach(waiter -> waiter.granted.completeExceptionally(isClosed()));
  }

  private static FenceException isClosed() {
    return new FenceException("the read has been ended", Effect.NONE);
  }

  private long held(Holder holder) {
    return held.getOrDefault(holder, 0L);
  }

  private Queue<Waiter> queue(Holder holder) {
    return requireNonNull(waiting.get(holder));
  }

  private long room(Holder holder) {
    if (holder == Holder.CHECK) {
      return limits.maxBytes() / 8 - held(Holder.CHECK);
    }
    long all = limits.maxBytes() - held(Holder.NODE) - held(Holder.CONSUMER);
    return holder == Holder.NODE ? all : Math.min(all, roomOfConsumers());
  }

  private long roomOfConsumers() {
    return limits.maxBytes() - limits.maxBytes() / 4 - held(Holder.CONSUMER);
  }

  /** Lets in all whose turn it is; they are to be told when the lock is free. */
  private List<Waiter> admit() {
    List<Waiter> admitted = new ArrayList<>();
    waiting.values().forEach(ReadBudget::dropEnded);
    for (Waiter next = queue(Holder.CHECK).peek();
        next != null && admit(next);
        next = queue(Holder.CHECK).peek()) {
      admitted.add(next);
    }
    for (Waiter next = next(); next != null && admit(next); next = next()) {
      admitted.add(next);
    }
    return admitted;
  }

  /** Those at the head that have given up, and have not left yet. */
  private static void dropEnded(Queue<Waiter> queue) {
    for (Waiter head = queue.peek(); head != null && head.granted.isDone(); head = queue.peek()) {
      queue.remove();
    }
  }

  /** The one that came first; but no consumer that waits for others keeps the node waiting. */
  private @Nullable Waiter next() {
    Waiter node = queue(Holder.NODE).peek();
    Waiter consumer = queue(Holder.CONSUMER).peek();
    if (node == null || consumer == null) {
      return node == null ? consumer : node;
    }
    boolean passes = consumer.least > roomOfConsumers() && !isLone(consumer);
    return passes || node.number < consumer.number ? node : consumer;
  }

  private boolean isLone(Waiter waiter) {
    return held(waiter.share.holder) == 0;
  }

  private boolean admit(Waiter waiter) {
    long room = room(waiter.share.holder);
    if (room < waiter.least && !isLone(waiter)) {
      return false;
    }
    queue(waiter.share.holder).remove();
    // Leaves something to others.
    waiter.grant = Math.max(waiter.least, Math.min(waiter.most, room / 2));
    waiter.share.add(waiter.grant);
    waiter.share.waiter = null;
    return true;
  }

  /** What one read holds. Whatever becomes of the read, it must be closed. */
  final class Share implements AutoCloseable {
    private final Holder holder;
    private final Duration timeout;
    private final String operation;
    private long bytes;

    /** Of that, what answers may take that have not come yet. */
    private long underWay;

    private boolean ended;
    private @Nullable Waiter waiter;

    private Share(Holder holder, Duration timeout, String operation) {
      this.holder = holder;
      this.timeout = timeout;
      this.operation = operation;
    }

    /** The caller has the lock. */
    private void add(long more) {
      bytes += more;
      held.merge(holder, more, Long::sum);
    }

    /**
     * Waits for room; one call at a time. Fails with a {@link FenceException} of effect {@code
     * NONE}, whose cause is a {@link ReadsOverloadedException} if it is for want of room.
     *
     * @return how much more is held from now on: from {@code least} to {@code most} bytes
     */
    CompletionStage<Long> acquire(long least, long most) {
      Waiter mine;
      List<Waiter> admitted;
      boolean refused;
      synchronized (ReadBudget.this) {
        if (closed || ended) {
          return CompletableFuture.failedFuture(isClosed());
        }
        mine = new Waiter(this, least, most);
        waiter = mine;
        queue(holder).add(mine);
        admitted = admit();
        refused = waiter != null && queue(holder).size() > limits.maxWaiting();
        if (refused) {
          leave(mine);
        }
      }
      tell(admitted);
      if (refused) {
        return CompletableFuture.failedFuture(
            overloaded(
                "%,d others wait (%s.max-queued-reads)".formatted(limits.maxWaiting(), section)));
      }
      return mine.granted.isDone() ? mine.granted : whenAdmitted(mine);
    }

    /** The caller has the lock. */
    private void leave(Waiter mine) {
      queue(holder).remove(mine);
      waiter = null;
    }

    private CompletionStage<Long> whenAdmitted(Waiter mine) {
      return mine.granted
          .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
          .handleAsync(
              (grant, failure) -> {
                if (failure == null) {
                  return grant;
                }
                throw failure instanceof TimeoutException ? tooLate(mine) : isClosed();
              },
              executor);
    }

    private FenceException tooLate(Waiter mine) {
      List<Waiter> admitted;
      synchronized (ReadBudget.this) {
        leave(mine);
        admitted = admit();
      }
      tell(admitted);
      return overloaded(
          "it has waited for %,d ms (%s.read-queue-timeout)"
              .formatted(timeout.toMillis(), section));
    }

    private FenceException overloaded(String detail) {
      String message =
          "this node reads too much at a time to %s: its reads hold %,d bytes of at most %,d (%s.max-read-bytes), of which %,d are for answers that Cassandra has not given yet, and %s. Try again after a pause, let fewer slow readers read at a time, or raise the limit with the heap; if most is for answers that have not come, see whether Cassandra is well"
              .formatted(
                  operation, heldBytes(), limits.maxBytes(), section, underWayBytes(), detail);
      return new FenceException(message, Effect.NONE, new ReadsOverloadedException(message));
    }

    /**
     * Takes room that nobody waits for, if half of all is left then.
     *
     * @return as {@link #acquire}; 0 if there is none
     */
    long tryAcquire(long least, long most) {
      synchronized (ReadBudget.this) {
        long free = room(holder) - limits.maxBytes() / 2;
        if (closed || ended || waiting() > 0 || free < least) {
          return 0;
        }
        long grant = Math.min(most, free);
        add(grant);
        return grant;
      }
    }

    /** Takes room for what is in memory already, if there is so much. */
    boolean tryKeep(long more) {
      synchronized (ReadBudget.this) {
        if (closed || ended || room(holder) < more) {
          return false;
        }
        add(more);
        return true;
      }
    }

    /**
     * Sends a request whose answer may take so much of what is held. That is held until the answer
     * has come, also if this is closed before; if it is closed already, nothing is sent.
     */
    <T> CompletionStage<T> whileUnderWay(long reserved, Supplier<CompletionStage<T>> request) {
      synchronized (ReadBudget.this) {
        if (closed || ended) {
          return CompletableFuture.failedFuture(isClosed());
        }
        underWay += reserved;
        underWayBytes += reserved;
      }
      CompletionStage<T> sent;
      try {
        sent = request.get();
      } catch (RuntimeException e) {
        arrived(reserved);
        throw e;
      }
      return sent.whenComplete((answer, failure) -> arrived(reserved));
    }

    private void arrived(long reserved) {
      List<Waiter> admitted;
      synchronized (ReadBudget.this) {
        underWay -= reserved;
        underWayBytes -= reserved;
        if (!ended) {
          return;
        }
        release(reserved);
        admitted = admit();
      }
      tell(admitted);
    }

    /** Holds what has arrived in place of what was acquired for it. */
    void correct(long reserved, long arrived) {
      List<Waiter> admitted;
      synchronized (ReadBudget.this) {
        if (ended) {
          return;
        }
        release(reserved - arrived);
        admitted = admit();
      }
      tell(admitted);
    }

    /** Gives some of it back. */
    void giveBack(long some) {
      if (some > 0) {
        correct(some, 0);
      }
    }

    /** The caller has the lock. */
    private void release(long some) {
      bytes -= some;
      held.merge(holder, -some, Long::sum);
    }

    /** Gives all back but what is under way, which follows, and ends the waiting. */
    @Override
    public void close() {
      Waiter left;
      List<Waiter> admitted;
      synchronized (ReadBudget.this) {
        if (ended) {
          return;
        }
        ended = true;
        left = waiter;
        if (left != null) {
          leave(left);
        }
        release(bytes - underWay);
        admitted = admit();
      }
      tell(admitted);
      if (left != null) {
        left.granted.completeExceptionally(isClosed());
      }
    }
  }

  /** One that has given up at the same moment holds nothing. */
  private static void tell(List<Waiter> admitted) {
    for (Waiter waiter : admitted) {
      if (!waiter.granted.complete(waiter.grant)) {
        waiter.share.giveBack(waiter.grant);
      }
    }
  }
}
