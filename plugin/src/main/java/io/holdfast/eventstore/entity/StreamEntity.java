// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import static java.util.Objects.requireNonNull;

import io.holdfast.eventstore.entity.StoredEvents.Expired;
import io.holdfast.eventstore.entity.StoredEvents.KnownId;
import io.holdfast.eventstore.entity.StreamJournal.Answer;
import io.holdfast.eventstore.entity.StreamJournal.Failed;
import io.holdfast.eventstore.entity.StreamJournal.Rejected;
import io.holdfast.eventstore.entity.StreamJournal.Stands;
import io.holdfast.eventstore.entity.StreamJournal.Written;
import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.eventstore.protocol.ReadConsistency;
import io.holdfast.eventstore.protocol.StreamCommand;
import io.holdfast.eventstore.protocol.StreamReply;
import io.holdfast.journal.OwnerAnswer;
import io.holdfast.query.StreamReader;
import io.holdfast.serialization.EventData;
import java.time.Duration;
import java.time.Instant;
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
import org.jspecify.annotations.Nullable;

/**
 * One stream: the persistent actor that orders its appends and checks their expected versions
 * against its own state.
 *
 * <p>It knows the version and what is kept with the stream, which it gets from the journal without
 * replaying an event; and, from the first append that needs them, the ids of recent events. What it
 * decides stands in {@link StreamState}. At most one request to the journal is under way; what
 * arrives meanwhile waits in a bounded queue, and appends go together in the next write. Nothing is
 * answered from a version that is not acknowledged yet.
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
    /** Where the stream stands is not known, and nobody waits for it. */
    UNRECOVERED,
    RECOVERING,
    IDLE,
    /** A write is under way, or a check. */
    WRITING,
    /** A change of the stream as a whole is under way. */
    CHANGING,
    /** The ids of recent events are being read, or how many events are too old. */
    READING
  }

  private enum Timeout {
    INSTANCE
  }

  private record RecentRead(
      int round, @Nullable List<KnownId> events, @Nullable Throwable failure) {}

  private record ExpiredRead(int round, long countedTo, Expired expired) {}

  /** What the request under way is for, in state {@code CHANGING}. */
  private record Changing(
      StreamState.Effect effect,
      StreamReply.@Nullable ToChange refusal,
      org.apache.pekko.actor.typed.@Nullable ActorRef<StreamReply.ToChange> replyTo) {
    void answer(StreamReply.ToChange reply) {
      if (replyTo != null) {
        replyTo.tell(refusal == null ? reply : refusal);
      }
    }

    void fail(StreamReply.ToChange reply) {
      if (replyTo != null) {
        replyTo.tell(
            refusal == null
                ? reply
                : new StreamReply.Unavailable(
                    "the stream's version was to be confirmed, and is not known yet; try again"));
      }
    }
  }

  private final Environment environment;
  private final String streamId;
  private final StreamJournal journal;
  private final StoredEvents storedEvents;
  private final Retention retention;
  private final PendingCommands pending;
  private final List<StreamCommand> questions = new ArrayList<>();

  /** How many of the questions the request under way answers: those that came before it began. */
  private int asked;

  private State state = State.UNRECOVERED;

  /** Where the stream stands once the request under way has succeeded. */
  private StreamState stream;

  /** Where the stream stands for certain. */
  private StreamReply.Info acknowledged;

  private @Nullable AppendGroup inFlight;
  private @Nullable Changing changing;
  private boolean stopping;
  private int round;

  /** When the request under way was sent. */
  private long requestedNanos;

  /** Cancelled while none runs. */
  private Cancellable timeout = Cancellable.alreadyCancelled();

  private StreamEntity(ActorContext<Object> context, String streamId, Environment environment) {
    super(context);
    this.environment = environment;
    this.streamId = streamId;
    StreamEntitySettings settings = environment.settings();
    this.journal =
        new StreamJournal(environment.journal(), Adapter.toClassic(context.getSelf()), streamId);
    this.storedEvents = new StoredEvents(streamId, environment);
    this.retention = new Retention();
    this.pending =
        new PendingCommands(
            settings.maxPendingAppends(), settings.maxPendingBytes(), settings.section());
    this.stream = StreamState.empty(settings);
    this.acknowledged = stream.info();
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
            append ->
                onAppend(
                    List.of(append.event()),
                    append.expectedVersion(),
                    append.idsDrawnAt(),
                    append.replyTo()))
        .onMessage(
            StreamCommand.AppendBatch.class,
            batch ->
                onAppend(
                    batch.events(), batch.expectedVersion(), batch.idsDrawnAt(), batch.replyTo()))
        .onMessage(StreamCommand.Change.class, this::onChange)
        .onMessage(OwnerAnswer.class, answer -> onJournal(journal.interpret(answer)))
        .onMessage(RecentRead.class, this::onRecentRead)
        .onMessage(ExpiredRead.class, this::onExpiredRead)
        .onMessage(StreamCommand.Stop.class, stop -> onStop())
        .onMessage(StreamCommand.class, this::onQuestion)
        .onMessage(Timeout.class, expired -> onTimeout())
        .onSignal(PostStop.class, signal -> onPostStop())
        .build();
  }

  private Behavior<Object> onAppend(
      List<EventData> events,
      ExpectedVersion expectedVersion,
      OptionalLong idsDrawnAt,
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
    Optional<String> full =
        pending.offer(PendingAppend.of(events, expectedVersion, idsDrawnAt, replyTo));
    if (full.isPresent()) {
      replyTo.tell(new StreamReply.Overloaded(full.get()));
      return this;
    }
    return proceed();
  }

  private Behavior<Object> onChange(StreamCommand.Change change) {
    StreamLimits limits = environment.settings().limits();
    Optional<String> problem =
        limits
            .checkStreamId(streamId)
            .or(() -> limits.checkExpectedVersion(change.expectedVersion()))
            .or(() -> limits.checkChange(change.change()));
    if (problem.isPresent()) {
      change.replyTo().tell(new StreamReply.Rejected(problem.get()));
      return this;
    }
    Optional<String> full = pending.offer(new PendingChange(change));
    if (full.isPresent()) {
      change.replyTo().tell(new StreamReply.Overloaded(full.get()));
      return this;
    }
    return proceed();
  }

  /** Questions and reads need what is known, and nothing else of the stream. */
  private Behavior<Object> onQuestion(StreamCommand question) {
    boolean known = state != State.UNRECOVERED && state != State.RECOVERING;
    if (known && consistency(question) == ReadConsistency.OWNER) {
      answer(question);
    } else if (questions.size() >= environment.settings().maxPendingAppends()) {
      refuse(
          question,
          new StreamReply.Overloaded(
              "%,d questions wait in this stream, the limit (%s.max-pending-appends); try again after a pause"
                  .formatted(questions.size(), environment.settings().section())));
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
    } else if (state == State.IDLE) {
      Instant now = environment.clock().instant();
      if (retention.isDue(acknowledged, now)) {
        retain(now);
      } else if (waiting) {
        next();
      }
    }
    boolean atRest = state == State.IDLE || state == State.UNRECOVERED;
    return stopping && atRest ? Behaviors.stopped() : this;
  }

  private void next() {
    if (pending.peek() instanceof PendingChange change) {
      pending.poll();
      begin(change.command());
    } else {
      write();
    }
  }

  private void recover() {
    state = State.RECOVERING;
    asked = questions.size();
    journal.recover();
    startTimeout();
  }

  private void write() {
    AppendGroup group =
        AppendGroup.take(pending, stream, environment.clock().millis(), environment.settings());
    if (group.isEmpty() && !pending.isEmpty()) {
      // The first can only be decided with them.
      readRecent();
      return;
    }
    inFlight = group;
    state = State.WRITING;
    asked = questions.size();
    if (group.events().isEmpty()) {
      journal.confirm();
    } else {
      journal.write(group.baseVersion(), group.events());
    }
    startTimeout();
  }

  private void begin(StreamCommand.Change command) {
    StreamReply.ToChange refusal =
        stream.refuseChange(command.change(), command.expectedVersion()).orElse(null);
    change(new Changing(stream.effectOf(command.change()), refusal, command.replyTo()));
  }

  private void change(Changing next) {
    changing = next;
    state = State.CHANGING;
    asked = questions.size();
    if (next.refusal() != null) {
      journal.confirm();
    } else {
      journal.change(next.effect());
    }
    startTimeout();
  }

  private void readRecent() {
    state = State.READING;
    startTimeout();
    int reading = round;
    getContext()
        .pipeToSelf(
            storedEvents.readRecent(stream.deletedTo(), stream.version()),
            (events, failure) -> new RecentRead(reading, events, failure));
  }

  private Behavior<Object> onRecentRead(RecentRead read) {
    if (state != State.READING || read.round() != round) {
      return this;
    }
    state = State.IDLE;
    Throwable failure = read.failure();
    if (failure != null) {
      refuseWaiting(StoredEvents.refusal("the ids of recent events could not be read", failure));
      return proceed();
    }
    stream.beginRecentIds();
    for (KnownId known : requireNonNull(read.events())) {
      stream.addRecentId(known.id(), known.version(), known.timestampMillis());
    }
    return proceed();
  }

  /** Lets storage go of events that the stream's metadata does not keep. */
  private void retain(Instant now) {
    retention.look(now);
    long deleteTo = Retention.deletableTo(acknowledged);
    if (acknowledged.metadata().maxAge().isEmpty()) {
      change(new Changing(new StreamState.Effect(deleteTo, Optional.empty()), null, null));
      return;
    }
    state = State.READING;
    startTimeout();
    int reading = round;
    getContext()
        .pipeToSelf(
            storedEvents.expired(acknowledged),
            (expired, failure) ->
                new ExpiredRead(reading, deleteTo, failure == null ? expired : Expired.NONE));
  }

  private Behavior<Object> onExpiredRead(ExpiredRead read) {
    if (state != State.READING || read.round() != round) {
      return this;
    }
    state = State.IDLE;
    if (read.expired().more()) {
      retention.goOn();
    }
    long deleteTo = Math.max(read.countedTo(), read.expired().to());
    if (deleteTo > acknowledged.deletedTo()) {
      change(new Changing(new StreamState.Effect(deleteTo, Optional.empty()), null, null));
    }
    return proceed();
  }

  private Behavior<Object> onJournal(Optional<Answer> interpreted) {
    Answer answer = interpreted.orElse(null);
    if (answer == null || state == State.READING) {
      return this;
    } else if (answer instanceof Failed failed) {
      return onFailed(failed.cause(), failed.nothingStored());
    } else if (answer instanceof Rejected rejected && inFlight != null) {
      inFlight.fail(new StreamReply.Rejected(StreamJournal.reason(rejected.cause())));
      return forget();
    }
    if (state == State.RECOVERING && answer instanceof Stands stands) {
      stream = stateOf(stands);
    } else if (state == State.CHANGING && changing != null) {
      if (changing.refusal() == null) {
        stream.change(changing.effect());
      }
      changing.answer(stream.info());
      changing = null;
    } else if (state == State.WRITING && inFlight != null && answer instanceof Written) {
      inFlight.succeed(storedEvents::compare);
      inFlight = null;
    }
    acknowledged = stream.info();
    answerAsked();
    state = State.IDLE;
    return proceed();
  }

  private StreamState stateOf(Stands stands) {
    return new StreamState(
        environment.settings().recentIds(),
        stands.version(),
        stands.deletedTo(),
        stands.properties());
  }

  private Behavior<Object> onFailed(Throwable cause, boolean nothingStored) {
    String reason = StreamJournal.reason(cause);
    if (state == State.RECOVERING) {
      refuseWaiting(StoredEvents.refusalFor("the stream could not be recovered: " + reason, cause));
    }
    if (inFlight != null) {
      inFlight.fail(
          nothingStored ? StoredEvents.refusalFor(reason, cause) : new StreamReply.Unknown(reason));
    }
    if (changing != null) {
      if (changing.replyTo() == null) {
        retention.fail(environment.clock().instant());
      }
      changing.fail(
          nothingStored ? StoredEvents.refusalFor(reason, cause) : new StreamReply.Unknown(reason));
    }
    return forget();
  }

  /** Only the journal knows now where the stream stands. */
  private Behavior<Object> forget() {
    journal.abandon();
    inFlight = null;
    changing = null;
    state = State.UNRECOVERED;
    return proceed();
  }

  private void refuseWaiting(StreamReply.ToAny refusal) {
    pending.drain(command -> command.refuse(refusal));
    questions.forEach(question -> refuse(question, refusal));
    questions.clear();
    asked = 0;
  }

  private void startTimeout() {
    round++;
    requestedNanos = System.nanoTime();
    if (timeout.isCancelled()) {
      schedule(environment.settings().journalTimeout());
    }
  }

  private void schedule(Duration delay) {
    timeout = getContext().scheduleOnce(delay, getContext().getSelf(), Timeout.INSTANCE);
  }

  /** One timer serves all requests: when it is over, it goes on for the one that is under way. */
  private Behavior<Object> onTimeout() {
    timeout = Cancellable.alreadyCancelled();
    if (state == State.IDLE || state == State.UNRECOVERED) {
      return this;
    }
    Duration left =
        environment.settings().journalTimeout().minusNanos(System.nanoTime() - requestedNanos);
    if (left.compareTo(Duration.ZERO) > 0) {
      schedule(left);
      return this;
    }
    String reason =
        "the journal gave no answer within %d s"
            .formatted(environment.settings().journalTimeout().toSeconds());
    if (state == State.READING) {
      refuseWaiting(
          new StreamReply.Unavailable("the stream's events could not be read: " + reason));
    }
    return onFailed(new IllegalStateException(reason), false);
  }

  /** What was accepted is still written; the shard lets nothing more in. */
  private Behavior<Object> onStop() {
    stopping = true;
    return proceed();
  }

  private Behavior<Object> onPostStop() {
    timeout.cancel();
    StreamReply.Unknown unknown =
        new StreamReply.Unknown("the node stopped while the stream was written");
    if (inFlight != null) {
      inFlight.fail(unknown);
    }
    if (changing != null) {
      changing.fail(unknown);
    }
    refuseWaiting(new StreamReply.Unavailable("the node stopped before this was its turn"));
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
    } else if (question instanceof StreamCommand.GetInfo ask) {
      return ask.consistency();
    }
    return ((StreamCommand.Read) question).consistency();
  }

  private void answer(StreamCommand question) {
    if (question instanceof StreamCommand.GetVersion ask) {
      ask.replyTo().tell(new StreamReply.Version(acknowledged.version()));
    } else if (question instanceof StreamCommand.Exists ask) {
      ask.replyTo().tell(new StreamReply.Existence(acknowledged.exists()));
    } else if (question instanceof StreamCommand.GetInfo ask) {
      ask.replyTo().tell(acknowledged);
    } else if (question instanceof StreamCommand.Read read) {
      storedEvents.read(acknowledged, read);
    }
  }

  private static void refuse(StreamCommand question, StreamReply.ToAny reply) {
    if (question instanceof StreamCommand.GetVersion ask) {
      ask.replyTo().tell(reply);
    } else if (question instanceof StreamCommand.Exists ask) {
      ask.replyTo().tell(reply);
    } else if (question instanceof StreamCommand.GetInfo ask) {
      ask.replyTo().tell(reply);
    } else if (question instanceof StreamCommand.Read read) {
      read.replyTo().tell(reply);
    }
  }
}
