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

/**
 * Keeps commands in flight at its writers, for one window of time after the other. A writer of a
 * {@link Load.Choice#NEW} stream is started for its one command and stopped after it; the others
 * stay.
 */
final class LoadDriver extends AbstractBehavior<LoadDriver.Message> {
  sealed interface Message {}

  /** Measures until the recorder's window is closed. One at a time. */
  record Measure(Measurement.Recorder recorder, CompletableFuture<Measurement> result)
      implements Message {}

  private record Written(int place) implements Message {}

  private final String name;
  private final Load.Append load;
  private final StreamChooser chooser;
  private final Map<Integer, ActorRef<EventWriter.Write>> writers = new HashMap<>();
  private final EventWriter.Write[] commands;
  private final long[] sentNanos;
  private Measurement.@Nullable Recorder recorder;
  private CompletableFuture<Measurement> result = new CompletableFuture<>();
  private int inFlight;

  private LoadDriver(ActorContext<Message> context, String name, Load.Append load) {
    super(context);
    this.name = name;
    this.load = load;
    chooser = StreamChooser.of(load);
    commands = new EventWriter.Write[load.inFlight()];
    sentNanos = new long[load.inFlight()];
    ActorRef<Message> self = context.getSelf();
    for (int place = 0; place < commands.length; place++) {
      Written reply = new Written(place);
      commands[place] = new EventWriter.Write(load.events(), sequenceNr -> self.tell(reply));
    }
  }

  /**
   * A driver with its writers.
   *
   * @param name begins their persistence ids
   */
  static Behavior<Message> create(String name, Load.Append load) {
    return Behaviors.setup(context -> new LoadDriver(context, name, load));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Written.class, this::onWritten)
        .onMessage(Measure.class, this::onMeasure)
        .onSignal(ChildFailed.class, this::onFailed)
        .onSignal(Terminated.class, terminated -> this)
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
    int stream = chooser.next(place);
    sentNanos[place] = System.nanoTime();
    ActorRef<EventWriter.Write> writer;
    if (load.choice() == Load.Choice.NEW) {
      writer = startWriter(stream);
      writers.put(place, writer);
    } else {
      writer = writers.computeIfAbsent(stream, this::startWriter);
    }
    writer.tell(commands[place]);
  }

  private ActorRef<EventWriter.Write> startWriter(int stream) {
    ActorRef<EventWriter.Write> writer =
        getContext().spawn(EventWriter.create(name + "-" + stream, Set.of()), "writer-" + stream);
    getContext().watch(writer);
    return writer;
  }

  private Behavior<Message> onWritten(Written written) {
    int place = written.place();
    inFlight--;
    if (load.choice() == Load.Choice.NEW) {
      getContext().stop(requireNonNull(writers.remove(place)));
    }
    Measurement.Recorder open = recorder;
    if (open != null && open.record(System.nanoTime() - sentNanos[place])) {
      send(place);
    } else if (open != null && inFlight == 0) {
      // The next window must not meet commands of this one.
      recorder = null;
      result.complete(open.close());
    }
    return this;
  }

  private Behavior<Message> onFailed(ChildFailed failed) {
    result.completeExceptionally(failed.cause());
    return Behaviors.stopped();
  }
}
