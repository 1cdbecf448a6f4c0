// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/** Keeps commands in flight at its writers, for one window of time after the other. */
final class LoadDriver extends AbstractBehavior<LoadDriver.Message> {
  sealed interface Message {}

  /** Measures until the recorder's window is closed. One at a time. */
  record Measure(Measurement.Recorder recorder, CompletableFuture<Measurement> result)
      implements Message {}

  private record Answered(int place) implements Message {}

  private final WriterWork work;
  private final Map<Integer, ActorRef<EventWriter.Write>> writers = new HashMap<>();
  private final Map<ActorRef<?>, Integer> places = new HashMap<>();
  private final EventWriter.Write[] commands;
  private final long[] sentNanos;
  private Measurement.@Nullable Recorder recorder;
  private CompletableFuture<Measurement> result = new CompletableFuture<>();
  private int inFlight;

  private LoadDriver(ActorContext<Message> context, WriterWork work) {
    super(context);
    this.work = work;
    commands = new EventWriter.Write[work.inFlight()];
    sentNanos = new long[work.inFlight()];
    ActorRef<Message> self = context.getSelf();
    for (int place = 0; place < commands.length; place++) {
      Answered answer = new Answered(place);
      commands[place] = new EventWriter.Write(work.events(), sequenceNr -> self.tell(answer));
    }
  }

  static Behavior<Message> create(WriterWork work) {
    return Behaviors.setup(context -> new LoadDriver(context, work));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Answered.class, this::onAnswered)
        .onMessage(Measure.class, this::onMeasure)
        .onSignal(ChildFailed.class, this::onFailed)
        .onSignal(Terminated.class, this::onStopped)
        .build();
  }

  private Behavior<Message> onMeasure(Measure measure) {
    result = measure.result();
    recorder = measure.recorder();
    for (int place = 0; place < commands.length; place++) {
      send(place);
    }
    return this;
  }

  private void send(int place) {
    inFlight++;
    int number = work.chooser().next(place);
    sentNanos[place] = System.nanoTime();
    ActorRef<EventWriter.Write> writer;
    if (work.startsAnew()) {
      writer = startWriter(number);
      writers.put(place, writer);
      places.put(writer, place);
    } else {
      writer = writers.computeIfAbsent(number, this::startWriter);
    }
    writer.tell(commands[place]);
  }

  private ActorRef<EventWriter.Write> startWriter(int number) {
    String persistenceId = work.persistenceId().apply(number);
    ActorRef<EventWriter.Write> writer =
        getContext().spawn(EventWriter.create(persistenceId, Set.of()), "writer-" + number);
    getContext().watch(writer);
    return writer;
  }

  private Behavior<Message> onAnswered(Answered answered) {
    int place = answered.place();
    Measurement.Recorder current = requireNonNull(recorder);
    boolean open = current.record(System.nanoTime() - sentNanos[place]);
    if (work.startsAnew()) {
      // The place is free when the writer has ended: two of one persistence id must not meet.
      getContext().stop(requireNonNull(writers.remove(place)));
    } else {
      onFree(place, open);
    }
    return this;
  }

  private Behavior<Message> onStopped(Terminated terminated) {
    Integer place = places.remove(terminated.getRef());
    if (place != null) {
      onFree(place, requireNonNull(recorder).isOpen());
    }
    return this;
  }

  private void onFree(int place, boolean open) {
    inFlight--;
    if (open) {
      send(place);
    } else if (inFlight == 0) {
      // The next window must not meet commands of this one.
      result.complete(requireNonNull(recorder).close());
      recorder = null;
    }
  }

  private Behavior<Message> onFailed(ChildFailed failed) {
    result.completeExceptionally(failed.cause());
    return Behaviors.stopped();
  }
}
