// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import io.holdfast.eventstore.entity.StreamJournal.Answer;
import io.holdfast.eventstore.entity.StreamJournal.Recovered;
import io.holdfast.eventstore.entity.StreamJournal.RecoveryFailed;
import io.holdfast.eventstore.entity.StreamJournal.WriteFailed;
import io.holdfast.eventstore.entity.StreamJournal.WriteRejected;
import io.holdfast.eventstore.entity.StreamJournal.Written;
import io.holdfast.eventstore.protocol.ReadConsistency;
import io.holdfast.eventstore.protocol.StreamCommand;
import io.holdfast.eventstore.protocol.StreamReply;
import io.holdfast.journal.OwnerCheck;
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
 * At most one request to the journal is under way; what arrives meanwhile waits in a bounded queue
 * and goes together in the next. Nothing is answered from a version that is not acknowledged yet.
 *
 * <p>Another node may take the stream over without this one noticing. So no linearizable question
 * and no conflict is answered before a request that began after it came has succeeded: a write, a
 * recovery, or, if neither is needed, a check that the stream is ours still. Questions to the owner
 * only are answered at once.
 *
 * <p>A request that fails leaves the version unknown, and the next command begins a recovery, since
 * only the journal knows then where the stream stands; what waits meanwhile waits for that. A
 * stream that cannot recover refuses what waits.
 */
final class StreamEntity extends AbstractBehavior<Object> {
  /** What all streams of a node share. */
  record Environment(
      StreamEntitySettings settings, ActorRef journal, StreamReader reader, InstantSource clock) {}

  private enum State {
    /** The version is not known, and nobody waits for it. */
    UNRECOVERED,
    RECOVERING,
    IDLE,
    /** A write is under way, or a check. */
    WRITING
  }

  private record JournalTimeout(int round) {}

  private final Environment environment;
  private final String streamId;
  private final StreamJournal journal;
  private final PendingAppends pending;
  private final List<StreamCommand> questions = new ArrayList<>();

  /** How many of the questions the request under way answers: those that came before it began. */
  private int asked;

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
        .onMessage(
            JournalProtocol.Response.class, response -> onJournal(journal.interpret(response)))
        .onMessage(OwnerCheck.class, check -> onJournal(journal.interpret(check)))
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
    boolean known = state == State.IDLE || state == State.WRITING;
    if (known && consistency(question) == ReadConsistency.OWNER) {
      answer(question);
    } else if (questions.size() >= environment.settings().maxPendingAppends()) {
      refuse(
          question,
          new StreamReply.Overloaded(
              "%,d questions wait in this stream, the limit (holdfast.event-store.max-pending-appends); try again after a pause"
                  .formatted(questions.size())));
    } else {
      questions.add(question);
    }
    return proceed();
  }

  /** Starts whatever is to be done and the state allows. */
  private Behavior<Object> proceed() {
    boolean waiting = !pending.isEmpty() || !questions.isEmpty();
    if (state == State.UNRECOVERED && waiting) {
      recover();
    } else if (state == State.IDLE && waiting) {
      write();
    }
    boolean atRest = state == State.IDLE || state == State.UNRECOVERED;
    return stopping && atRest ? Behaviors.stopped() : this;
  }

  private void recover() {
    state = State.RECOVERING;
    asked = questions.size();
    journal.recover();
    startTimeout();
  }

  private void write() {
    AppendGroup group =
        AppendGroup.take(
            pending, version, environment.clock().instant().toEpochMilli(), environment.settings());
    inFlight = group;
    state = State.WRITING;
    asked = questions.size();
    journal.write(group.baseVersion(), group.events());
    startTimeout();
  }

  private Behavior<Object> onJournal(Optional<Answer> interpreted) {
    Answer answer = interpreted.orElse(null);
    if (state == State.WRITING && inFlight != null) {
      return onWriteAnswer(inFlight, answer);
    } else if (state == State.RECOVERING && answer instanceof Recovered recovered) {
      timeout.cancel();
      version = recovered.version();
      state = State.IDLE;
      answerAsked();
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
      answerAsked();
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
    return proceed();
  }

  private void refuseWaiting(String reason) {
    StreamReply.Unavailable unavailable = new StreamReply.Unavailable(reason);
    pending.drain(append -> append.replyTo().tell(unavailable));
    questions.forEach(question -> refuse(question, unavailable));
    questions.clear();
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
    return proceed();
  }

  private Behavior<Object> onPostStop() {
    timeout.cancel();
    if (inFlight != null) {
      inFlight.fail(new StreamReply.Unknown("the node stopped while the append was written"));
    }
    refuseWaiting("the node stopped before this was its turn");
    return this;
  }

  private void answerAsked() {
    List<StreamCommand> answered = questions.subList(0, asked);
    answered.forEach(this::answer);
    answered.clear();
    asked = 0;
  }

  private static ReadConsistency consistency(StreamCommand question) {
    if (question instanceof StreamCommand.GetVersion ask) {
      return ask.consistency();
    } else if (question instanceof StreamCommand.Exists ask) {
      return ask.consistency();
    }
    return ((StreamCommand.Read) question).consistency();
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
