// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.cluster.typed.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether streams can be reached from this node. Sharding keeps what it is sent until the node has
 * joined a cluster whose shard coordinator answers, and drops it when the node leaves; what is held
 * back here instead was certainly not sent. Thread-safe.
 */
final class StreamAccess {
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(50);

  private static final Logger LOG = LoggerFactory.getLogger(StreamAccess.class);

  /** Actors' names must differ. */
  private static final AtomicLong COUNTER = new AtomicLong();

  private enum Look {
    INSTANCE
  }

  private enum State {
    WAITING,
    OPEN,
    ENDED
  }

  private final Cluster cluster;
  private final StreamEntitySettings settings;

  private volatile State state = State.WAITING;
  private volatile String reason = "streams cannot be reached yet";

  /** Complete once requests need not wait, because they are sent or refused. */
  private volatile CompletableFuture<Void> decided = new CompletableFuture<>();

  /** Whether requests are refused because this node has not joined. */
  private volatile boolean isOutside;

  /** What fails each answer that has not come. */
  private final Set<Runnable> missing = ConcurrentHashMap.newKeySet();

  private volatile boolean systemHasEnded;

  private StreamAccess(Cluster cluster, StreamEntitySettings settings) {
    this.cluster = cluster;
    this.settings = settings;
  }

  /** Watches a shard region. */
  static StreamAccess to(ActorRef region, ActorSystem<?> system, StreamEntitySettings settings) {
    StreamAccess access = new StreamAccess(Cluster.get(system), settings);
    if (!access.hasJoined()) {
      LOG.info(
          "This node is no member of a cluster yet (its status is {}): streams wait until it is",
          access.cluster.selfMember().status());
    }
    String name = "holdfast-stream-access-" + COUNTER.incrementAndGet();
    system.systemActorOf(access.watch(region), name, Props.empty());
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseClusterShardingShutdownRegion(),
            name,
            () -> {
              access.end();
              return CompletableFuture.completedFuture(Done.getInstance());
            });
    system.getWhenTerminated().whenComplete((done, failure) -> access.endAnswers());
    return access;
  }

  private Behavior<Object> watch(ActorRef region) {
    long began = System.nanoTime();
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  AtomicLong joined = new AtomicLong(began);
                  ActorRef self = Adapter.toClassic(context.getSelf());
                  Adapter.watch(context, region);
                  self.tell(Look.INSTANCE, self);
                  timers.startTimerWithFixedDelay(Look.INSTANCE, LOOK_INTERVAL);
                  return Behaviors.receive(Object.class)
                      .onMessageEquals(
                          Look.INSTANCE,
                          () -> {
                            if (!hasJoined()) {
                              joined.set(System.nanoTime());
                            }
                            look(began, joined.get());
                            region.tell(ShardRegion.getCurrentRegionsInstance(), self);
                            return Behaviors.same();
                          })
                      .onMessage(
                          ShardRegion.CurrentRegions.class,
                          regions -> {
                            if (!regions.getRegions().isEmpty()) {
                              timers.cancelAll();
                              open();
                            }
                            return Behaviors.same();
                          })
                      .onSignal(
                          Terminated.class,
                          stopped -> {
                            end();
                            return Behaviors.stopped();
                          })
                      .onSignal(
                          PostStop.class,
                          stopped -> {
                            end();
                            return Behaviors.same();
                          })
                      .build();
                }));
  }

  private boolean hasJoined() {
    MemberStatus status = cluster.selfMember().status();
    return status == MemberStatus.up()
        || status == MemberStatus.leaving()
        || status == MemberStatus.exiting();
  }

  /** The two waits follow each other. */
  private void look(long beganNanos, long joinedNanos) {
    if (!hasJoined() && isOver(beganNanos)) {
      isOutside = true;
      refuse(
          ("this node has not joined a cluster (its status is %s), and streams are sharded over the"
                  + " nodes of one. Check pekko.cluster.seed-nodes, and whether those nodes can be"
                  + " reached")
              .formatted(cluster.selfMember().status()));
    } else if (hasJoined() && isOver(joinedNanos)) {
      refuse(
          hasHosts()
              ? "the shard coordinator does not answer, on the oldest node of the cluster that hosts streams. Check whether that node can be reached, and has started this event store"
              : "no node of the cluster hosts streams: none has the role '%s' (%s.role). Start one, or change the setting"
                  .formatted(settings.role(), settings.section()));
    }
  }

  private boolean hasHosts() {
    if (settings.role().isEmpty()) {
      return true;
    }
    for (Member member : cluster.state().getMembers()) {
      if (member.hasRole(settings.role())) {
        return true;
      }
    }
    return false;
  }

  private boolean isOver(long sinceNanos) {
    return System.nanoTime() - sinceNanos > settings.clusterTimeout().toNanos();
  }

  private synchronized void refuse(String why) {
    if (state != State.WAITING) {
      return;
    }
    if (!why.equals(reason)) {
      LOG.warn("Requests to streams are refused as unavailable: {}", why);
    }
    reason = why;
    decided.complete(null);
  }

  private synchronized void open() {
    if (state != State.WAITING) {
      return;
    }
    if (decided.isDone()) {
      LOG.info("Streams can be reached");
    }
    state = State.OPEN;
    decided.complete(null);
  }

  /** Sharding would keep what it is sent from now on, and drop it at its end. */
  private synchronized void end() {
    reason = "this actor system shuts down, and has given up its streams";
    state = State.ENDED;
    decided.complete(null);
  }

  /** Whether requests can be sent. */
  boolean isOpen() {
    return state == State.OPEN;
  }

  /** Whether no request can be sent any more. */
  boolean hasEnded() {
    return state == State.ENDED || systemHasEnded;
  }

  /** Completes when requests are sent, or refused. */
  CompletableFuture<Void> decided() {
    if (isOutside && hasJoined()) {
      waitAgain();
    }
    return decided;
  }

  /** The node has just joined: the coordinator will be there soon. */
  private synchronized void waitAgain() {
    if (isOutside && state == State.WAITING) {
      isOutside = false;
      decided = new CompletableFuture<>();
    }
  }

  /** Why requests are refused. */
  String reason() {
    return reason;
  }

  /**
   * Fails an answer when the actor system has ended before it came: the timers that would end it
   * have ended as well.
   */
  <T> CompletableFuture<T> untilEnd(CompletableFuture<T> answer) {
    Runnable fail = () -> fail(answer);
    missing.add(fail);
    if (systemHasEnded) {
      fail.run();
    }
    return answer.whenComplete((done, failure) -> missing.remove(fail));
  }

  private void endAnswers() {
    systemHasEnded = true;
    end();
    missing.forEach(Runnable::run);
  }

  private static void fail(CompletableFuture<?> answer) {
    answer.completeExceptionally(
        new IllegalStateException("the actor system has ended before an answer came"));
  }
}
