// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import io.holdfast.cassandra.Overloads;
import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.eventstore.protocol.ReadConsistency;
import io.holdfast.eventstore.protocol.StreamCommand;
import io.holdfast.eventstore.protocol.StreamReply;
import io.holdfast.fence.FenceException;
import io.holdfast.fence.FenceException.Effect;
import io.holdfast.journal.JournalException;
import io.holdfast.journal.OwnerAnswer;
import io.holdfast.journal.OwnerRequest;
import io.holdfast.query.StreamReader;
import io.holdfast.test.Patience;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream whose journal is the test, which answers when it likes; and time is the test's, too. */
class StreamEntityTest {
  private final BlockingQueue<Object> requests = new LinkedBlockingQueue<>();
  private final BlockingQueue<Object> replies = new LinkedBlockingQueue<>();
  private ActorSystem<Object> system;
  private ActorRef<Object> journal;
  private ActorRef<Object> client;
  private ActorRef<StreamCommand> stream;

  @BeforeEach
  void start() {
    system =
        ActorSystem.create(
            Behaviors.empty(), "streams", ManualTime.config().withFallback(ConfigFactory.load()));
    journal = system.systemActorOf(collecting(requests), "journal", Props.empty());
    client = system.systemActorOf(collecting(replies), "client", Props.empty());
    stream =
        system.systemActorOf(
            StreamEntity.create(
                "s",
                new StreamEntity.Environment(
                    TestSettings.of(10, 10_000),
                    Adapter.toClassic(journal),
                    new StreamReader(system, "holdfast", 100),
                    InstantSource.system())),
            "s",
            Props.empty());
  }

  @AfterEach
  void stop() throws Exception {
    system.terminate();
    Patience.get(system.getWhenTerminated());
  }

  private static Behavior<Object> collecting(BlockingQueue<Object> messages) {
    return Behaviors.receiveMessage(
        message -> {
          messages.add(message);
          return Behaviors.same();
        });
  }

  private <T> T request(Class<T> type) throws InterruptedException {
    return next(requests, type);
  }

  private <T> T reply(Class<T> type) throws InterruptedException {
    return next(replies, type);
  }

  /** The journal has been silent for longer than the stream waits. */
  private <T> T replyToSilence(Class<T> type) throws InterruptedException {
    ManualTime time = ManualTime.get(system);
    // The stream may not have begun to wait yet.
    await()
        .until(
            () -> {
              time.timePasses(Duration.ofSeconds(1));
              return !replies.isEmpty();
            });
    return reply(type);
  }

  private static <T> T next(BlockingQueue<Object> messages, Class<T> type)
      throws InterruptedException {
    Object message = Patience.take(messages);
    assertThat(message).isInstanceOf(type);
    return type.cast(message);
  }

  private void append(String id, ExpectedVersion expected) {
    OptionalLong drawnAt = OptionalLong.of(System.currentTimeMillis());
    stream.tell(
        new StreamCommand.Append(Answers.event(id), expected, drawnAt, client.unsafeUpcast()));
  }

  private void answer(OwnerRequest request, OwnerAnswer answer) {
    request.replyTo().tell(answer, Adapter.toClassic(journal));
  }

  private void answerWithVersion(OwnerRequest.Recover recover, long version) {
    answer(recover, new OwnerAnswer.State(recover.correlation(), version, 0, null));
  }

  @Test
  void doesNotTakeALateAnswerForWhereItStands() throws Exception {
    append("a", ExpectedVersion.any());
    OwnerRequest.Recover first = request(OwnerRequest.Recover.class);
    assertThat(replyToSilence(StreamReply.Unavailable.class).reason()).contains("gave no answer");
    answerWithVersion(first, 10);

    append("b", ExpectedVersion.exactly(10));
    answerWithVersion(request(OwnerRequest.Recover.class), 10);
    OwnerRequest.Append write = request(OwnerRequest.Append.class);
    assertThat(write.highestSequenceNr()).isEqualTo(10);
    answer(write, new OwnerAnswer.Appended(write.correlation()));
    assertThat(reply(StreamReply.Appended.class).currentVersion()).isEqualTo(11);
  }

  @Test
  void doesNotTakeWhatWasNeverStoredForStored() throws Exception {
    append("a", ExpectedVersion.any());
    answerWithVersion(request(OwnerRequest.Recover.class), 10);
    request(OwnerRequest.Append.class);
    // Behind the write, whose outcome nobody knows; and so its recovery.
    append("b", ExpectedVersion.any());
    replyToSilence(StreamReply.Unknown.class);
    OwnerRequest.Recover late = request(OwnerRequest.Recover.class);
    replyToSilence(StreamReply.Unavailable.class);
    answerWithVersion(late, 10);

    append("c", ExpectedVersion.any());
    answerWithVersion(request(OwnerRequest.Recover.class), 10);
    assertThat(request(OwnerRequest.Append.class).highestSequenceNr()).isEqualTo(10);
  }

  /** The journal and the fence put exceptions of their own around it. */
  @Test
  void saysThatAReadWasRefusedForWantOfRoom() throws Exception {
    FenceException refusal = Overloads.refusal();
    FenceException fenced =
        new FenceException(String.valueOf(refusal.getMessage()), Effect.NONE, refusal);
    JournalException cause =
        new JournalException("too much at a time", JournalException.Outcome.UNAVAILABLE, fenced);

    append("a", ExpectedVersion.any());
    OwnerRequest.Recover recover = request(OwnerRequest.Recover.class);
    answer(recover, new OwnerAnswer.Failed(recover.correlation(), cause));
    assertThat(reply(StreamReply.Overloaded.class).reason())
        .isEqualTo("the stream could not be recovered: too much at a time");

    append("b", ExpectedVersion.any());
    answerWithVersion(request(OwnerRequest.Recover.class), 10);
    OwnerRequest.Append write = request(OwnerRequest.Append.class);
    answer(write, new OwnerAnswer.Failed(write.correlation(), cause));
    assertThat(reply(StreamReply.Overloaded.class).reason()).isEqualTo("too much at a time");

    StreamReply.ToAny read = StoredEvents.refusal("no events", new CompletionException(refusal));
    assertThat(read).isEqualTo(new StreamReply.Overloaded("no events: " + refusal.getMessage()));
    assertThat(StoredEvents.refusal("no events", new CompletionException(new IOException("cut"))))
        .isEqualTo(new StreamReply.Unavailable("no events: cut"));
  }

  @Test
  void holdsAQuestionThatComesDuringAWriteUntilTheVersionHasItsEvents() throws Exception {
    append("a", ExpectedVersion.any());
    answerWithVersion(request(OwnerRequest.Recover.class), 10);
    OwnerRequest.Append write = request(OwnerRequest.Append.class);
    // Readers may see the event already.
    stream.tell(new StreamCommand.GetVersion(ReadConsistency.LINEARIZABLE, client.unsafeUpcast()));
    answer(write, new OwnerAnswer.Appended(write.correlation()));
    reply(StreamReply.Appended.class);
    OwnerRequest.Confirm confirm = request(OwnerRequest.Confirm.class);
    answer(confirm, new OwnerAnswer.Confirmed(confirm.correlation()));
    assertThat(reply(StreamReply.Version.class).version()).isEqualTo(11);
  }

  @Test
  void livesOnWhenALateAnswerWasForAQuestion() throws Exception {
    StreamCommand.GetVersion question =
        new StreamCommand.GetVersion(ReadConsistency.LINEARIZABLE, client.unsafeUpcast());
    stream.tell(question);
    OwnerRequest.Recover first = request(OwnerRequest.Recover.class);
    replyToSilence(StreamReply.Unavailable.class);
    answerWithVersion(first, 10);

    stream.tell(question);
    answerWithVersion(request(OwnerRequest.Recover.class), 10);
    assertThat(reply(StreamReply.Version.class).version()).isEqualTo(10);
  }
}
