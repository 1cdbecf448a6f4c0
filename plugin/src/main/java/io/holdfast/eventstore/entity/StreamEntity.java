// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import io.holdfast.eventstore.entity.StreamJournal.Answer;
import io.holdfast.eventstore.entity.StreamJournal.Recovered;
import io.holdfast.eventstore.entity.StreamJournal.RecoveryFailed;
import io.holdfast.eventstore.entity.StreamJournal.WriteFailed;
import io.holdfast.eventstore.entity.StreamJournal.WriteRejected;
import io.holdfast.eventstore.entity.StreamJournal.Written;
import io.holdfast.eventstore.protocol.StreamCommand;
import io.holdfast.eventstore.protocol.StreamReply;
import io.holdfast.query.StreamReader;
import io.holdfast.serialization.EventData;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.persistence.JournalProtocol;
import org.jspecify.annotations.Nullable;

/**
 * One stream: the persistent actor that orders its appends and checks their expected versions
 * against its own state.
 *
 * <p>It knows one number, the version, which it gets from the journal without replaying an event.
 * At most one write is in flight; what arrives meanwhile waits in a bounded queue and goes together
 * in the next. Nothing is answered from a version that is not acknowledged yet. A write that fails
 * sends it back to recovery, since only the journal knows then where the stream stands; queued
 * appends wait for that. A stream that cannot recover refuses what waits, and tries again with the
 * next command.
 */
final class StreamEntity extends AbstractBehavior<Object> {
  /** What all streams of a node share. */
  record Environment(
      StreamEntitySettings settings, ActorRef journal, StreamReader reader, InstantSource clock) {}

  private enum State {
    /** The version is not known, and nobody has asked for it since that failed. */
    UNRECOVERED,
    RECOVERING,
    IDLE,
    WRITING
  }

  private record JournalTimeout(int round) {}

  private final Environment environment;
  private final String streamId;
  private final StreamJournal journal;
  private final PendingAppends pending;
  private final List<StreamCommand> waitingForVersion = new ArrayList<>();

  private State state = State.UNRECOVERED;
  private long version;
  private @Nullable AppendGroup inFlight;
  private boolean stopping;
  private int round;
  private Cancellable timeout = Cancellable.alreadyCancelled();

  private StreamEntity(ActorContext<Object> context, String streamId, Environment environment) {
    super(context);
    this.environment = environment;
    this.streamId = streamId;
    StreamEntitySettings settings = environment.settings();
    this.journal =
        new StreamJournal(environment.journal(), Adapter.toClassic(context.getSelf()), streamId);
    this.pending = new PendingAppends(settings.maxPendingAppends(), settings.maxPendingBytes());
    recover();
  }

  static Behavior<StreamCommand> create(String streamId, Environment environment) {
    return Behaviors.<Object>setup(context -> new StreamEntity(context, streamId, environment))
        .narrow();
  }

  @Override
  public Receive<Object> createReceive() {
    return newReceiveBuilder()
        .onMessage(
            StreamCommand.Append.class,
            append -> onAppend(List.of(append.event()), append.expectedVersion(), append.replyTo()))
        .onMessage(
            StreamCommand.AppendBatch.class,
            batch -> onAppend(batch.events(), batch.expectedVersion(), batch.replyTo()))
        .onMessage(JournalProtocol.Response.class, this::onJournal)
        .onMessage(StreamCommand.Stop.class, stop -> onStop())
        .onMessage(StreamCommand.class, this::onQuestion)
        .onMessage(JournalTimeout.class, this::onJournalTimeout)
        .onSignal(PostStop.class, signal -> onPostStop())
        .build();
  }

  private Behavior<Object> onAppend(
      List<EventData> events,
      OptionalLong expectedVersion,
      org.apache.pekko.actor.typed.ActorRef<StreamReply.ToAppend> replyTo) {
    StreamLimits limits = environment.settings().limits();
    Optional<String> problem =
        limits
            .checkStreamId(streamId)
            .or(() -> limits.checkExpectedVersion(expectedVersion))
            .or(() -> limits.checkEvents(events));
    if (problem.isPresent()) {
      replyTo.tell(new StreamReply.Rejected(problem.get()));
      return this;
    }
    Optional<String> full = pending.offer(PendingAppend.of(events, expectedVersion, replyTo));
    if (full.isPresent()) {
      replyTo.tell(new StreamReply.Overloaded(full.get()));
      return this;
    }
    return proceed();
  }

  /** Version, existence and reads need the version, and nothing else of the stream. */
  private Behavior<Object> onQuestion(StreamCommand question) {
    if (state == State.IDLE || state == State.WRITING) {
      answer(question);
    } else if (waitingForVersion.size() >= environment.settings().maxPendingAppends()) {
      refuse(
          question,
          new StreamReply.Overloaded(
              "%,d requests wait for this stream to recover".formatted(waitingForVersion.size())));
    } else {
      waitingForVersion.add(question);
    }
    return proceed();
  }

  /** Starts whatever the state allows. */
  private Behavior<Object> proceed() {
    if (state == State.UNRECOVERED) {
      recover();
    }
    while (state == State.IDLE && !pending.isEmpty()) {
      write();
    }
    return state == State.IDLE && stopping ? Behaviors.stopped() : this;
  }

  private void recover() {
    state = State.RECOVERING;
    journal.recover();
    startTimeout();
  }

  private void write() {
    AppendGroup group =
        AppendGroup.take(
            pending, version, environment.clock().instant().toEpochMilli(), environment.settings());
    if (group.events().isEmpty()) {
      group.succeed();
    } else {
      inFlight = group;
      state = State.WRITING;
      journal.write(group.baseVersion(), group.events());
      startTimeout();
    }
  }

  private Behavior<Object> onJournal(JournalProtocol.Response response) {
    Answer answer = journal.interpret(response).orElse(null);
    if (state == State.WRITING && inFlight != null) {
      return onWriteAnswer(inFlight, answer);
    } else if (state == State.RECOVERING && answer instanceof Recovered recovered) {
      timeout.cancel();
      version = recovered.version();
      state = State.IDLE;
      waitingForVersion.forEach(this::answer);
      waitingForVersion.clear();
      return proceed();
    } else if (state == State.RECOVERING && answer instanceof RecoveryFailed failed) {
      return onRecoveryFailed(failed.cause());
    }
    return this;
  }

  private Behavior<Object> onWriteAnswer(AppendGroup group, @Nullable Answer answer) {
    if (answer instanceof Written) {
      version = group.version();
      group.succeed();
      state = State.IDLE;
    } else if (answer instanceof WriteRejected rejected) {
      group.fail(new StreamReply.Rejected(StreamJournal.reason(rejected.cause())));
      state = State.IDLE;
    } else if (answer instanceof WriteFailed failed) {
      String reason = StreamJournal.reason(failed.cause());
      group.fail(
          failed.nothingStored()
              ? new StreamReply.Unavailable(reason)
              : new StreamReply.Unknown(reason));
      state = State.UNRECOVERED;
    } else {
      return this;
    }
    timeout.cancel();
    inFlight = null;
    return proceed();
  }

  private Behavior<Object> onRecoveryFailed(Throwable cause) {
    timeout.cancel();
    state = State.UNRECOVERED;
    refuseWaiting("the stream could not be recovered: " + StreamJournal.reason(cause));
    return stopping ? Behaviors.stopped() : this;
  }

  private void refuseWaiting(String reason) {
    StreamReply.Unavailable unavailable = new StreamReply.Unavailable(reason);
    pending.drain(append -> append.replyTo().tell(unavailable));
    waitingForVersion.forEach(question -> refuse(question, unavailable));
    waitingForVersion.clear();
  }

  private void startTimeout() {
    round++;
    timeout =
        getContext()
            .scheduleOnce(
                environment.settings().journalTimeout(),
                getContext().getSelf(),
                new JournalTimeout(round));
  }

  private Behavior<Object> onJournalTimeout(JournalTimeout expired) {
    if (expired.round() != round) {
      return this;
    }
    String reason =
        "the journal gave no answer within %d s"
            .formatted(environment.settings().journalTimeout().toSeconds());
    if (state == State.WRITING && inFlight != null) {
      inFlight.fail(new StreamReply.Unknown(reason));
      inFlight = null;
      state = State.UNRECOVERED;
      return proceed();
    }
    return state == State.RECOVERING ? onRecoveryFailed(new IllegalStateException(reason)) : this;
  }

  /** What was accepted is still written; the shard lets nothing more in. */
  private Behavior<Object> onStop() {
    stopping = true;
    return state == State.UNRECOVERED ? Behaviors.stopped() : proceed();
  }

  private Behavior<Object> onPostStop() {
    timeout.cancel();
    if (inFlight != null) {
      inFlight.fail(new StreamReply.Unknown("the node stopped while the append was written"));
    }
    refuseWaiting("the node stopped before this was its turn");
    return this;
  }

  private void answer(StreamCommand question) {
    if (question instanceof StreamCommand.GetVersion ask) {
      ask.replyTo().tell(new StreamReply.Version(version));
    } else if (question instanceof StreamCommand.Exists ask) {
      ask.replyTo().tell(new StreamReply.Existence(version > 0));
    } else if (question instanceof StreamCommand.Read read) {
      PageRead.start(streamId, version, read, environment);
    }
  }

  private static <T extends StreamReply.ToGetVersion & StreamReply.ToExists & StreamReply.ToRead>
      void refuse(StreamCommand question, T reply) {
    if (question instanceof StreamCommand.GetVersion ask) {
      ask.replyTo().tell(reply);
    } else if (question instanceof StreamCommand.Exists ask) {
      ask.replyTo().tell(reply);
    } else if (question instanceof StreamCommand.Read read) {
      read.replyTo().tell(reply);
    }
  }
}
