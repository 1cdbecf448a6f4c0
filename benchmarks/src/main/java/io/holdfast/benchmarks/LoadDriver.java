// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/** Keeps one command in flight at each of its writers, for one window of time after the other. */
final class LoadDriver extends AbstractBehavior<LoadDriver.Message> {
  sealed interface Message {}

  /** Measures for a while. One at a time. */
  record Measure(Duration window, CompletableFuture<Measurement> result) implements Message {}

  record Written(int writer) implements Message {}

  private record Close() implements Message {}

  private final List<ActorRef<EventWriter.Write>> writers = new ArrayList<>();
  private final List<EventWriter.Write> commands = new ArrayList<>();
  private final long[] sentNanos;
  private Measurement.@Nullable Recorder recorder;
  private @Nullable Measurement measurement;
  private CompletableFuture<Measurement> result = new CompletableFuture<>();
  private int inFlight;

  private LoadDriver(ActorContext<Message> context, String name, int count) {
    super(context);
    sentNanos = new long[count];
    for (int i = 0; i < count; i++) {
      ActorRef<EventWriter.Write> writer =
          context.spawn(EventWriter.create(name + "-" + i, Set.of()), "writer-" + i);
      context.watch(writer);
      writers.add(writer);
      Written reply = new Written(i);
      ActorRef<Message> self = context.getSelf();
      commands.add(new EventWriter.Write(1, sequenceNr -> self.tell(reply)));
    }
  }

  /**
   * A driver with its writers.
   *
   * @param name begins their persistence ids
   */
  static Behavior<Message> create(String name, int writers) {
    return Behaviors.setup(context -> new LoadDriver(context, name, writers));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Written.class, this::onWritten)
        .onMessage(Measure.class, this::onMeasure)
        .onMessage(Close.class, close -> onClose())
        .onSignal(ChildFailed.class, this::onFailed)
        .build();
  }

  private Behavior<Message> onMeasure(Measure measure) {
    result = measure.result();
    recorder = new Measurement.Recorder();
    getContext().scheduleOnce(measure.window(), getContext().getSelf(), new Close());
    for (int i = 0; i < writers.size(); i++) {
      send(i);
    }
    return this;
  }

  private void send(int writer) {
    inFlight++;
    sentNanos[writer] = System.nanoTime();
    writers.get(writer).tell(commands.get(writer));
  }

  private Behavior<Message> onWritten(Written written) {
    inFlight--;
    Measurement.Recorder open = recorder;
    if (open != null) {
      open.record(System.nanoTime() - sentNanos[written.writer()]);
      send(written.writer());
    }
    return completeIfDone();
  }

  private Behavior<Message> onClose() {
    Measurement.Recorder open = recorder;
    if (open != null) {
      measurement = open.close();
      recorder = null;
    }
    return completeIfDone();
  }

  /** The next window must not meet commands of this one. */
  private Behavior<Message> completeIfDone() {
    Measurement done = measurement;
    if (done != null && inFlight == 0) {
      measurement = null;
      result.complete(done);
    }
    return this;
  }

  private Behavior<Message> onFailed(ChildFailed failed) {
    result.completeExceptionally(failed.cause());
    return Behaviors.stopped();
  }
}
