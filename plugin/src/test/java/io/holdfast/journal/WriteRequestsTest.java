// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.holdfast.fence.FenceException;
import io.holdfast.test.Patience;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.pattern.CircuitBreakerOpenException;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.JournalProtocol.LoopMessageSuccess;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageFailure;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageRejected;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageSuccess;
import org.apache.pekko.persistence.JournalProtocol.WriteMessages;
import org.apache.pekko.persistence.JournalProtocol.WriteMessagesFailed;
import org.apache.pekko.persistence.JournalProtocol.WriteMessagesSuccessful$;
import org.apache.pekko.persistence.NonPersistentRepr;
import org.apache.pekko.persistence.PersistentEnvelope;
import org.apache.pekko.persistence.PersistentRepr;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import scala.jdk.javaapi.CollectionConverters;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WriteRequestsTest {
  /** Keeps what it is told. */
  private static final class Keeper extends AbstractActor {
    private final BlockingQueue<Object> received;

    Keeper(BlockingQueue<Object> received) {
      this.received = received;
    }

    @Override
    public Receive createReceive() {
      return receiveBuilder().matchAny(received::add).build();
    }
  }

  private record Recipient(ActorRef ref, BlockingQueue<Object> received) {}

  private final IllegalStateException failure = new IllegalStateException("no quorum");

  private ActorSystem system;

  @BeforeAll
  void start() {
    system = ActorSystem.create("write-requests", ConfigFactory.load());
  }

  @AfterAll
  void stop() {
    system.terminate();
  }

  private WriteRequests requests(int maxFailures, String callTimeout, String resetTimeout) {
    return new WriteRequests(
        ConfigFactory.parseString(
            "max-failures = %d, call-timeout = %s, reset-timeout = %s"
                .formatted(maxFailures, callTimeout, resetTimeout)),
        system.scheduler(),
        ActorRef.noSender());
  }

  private Recipient recipient() {
    BlockingQueue<Object> received = new LinkedBlockingQueue<>();
    return new Recipient(
        system.actorOf(Props.create(Keeper.class, () -> new Keeper(received))), received);
  }

  private static PersistentRepr event(long sequenceNr) {
    return PersistentRepr.apply("event", sequenceNr, "actor", "", false, ActorRef.noSender(), "");
  }

  private static AtomicWrite write(long... sequenceNrs) {
    List<PersistentRepr> events = new ArrayList<>();
    for (long sequenceNr : sequenceNrs) {
      events.add(event(sequenceNr));
    }
    return new AtomicWrite(CollectionConverters.asScala(events).toList());
  }

  private static WriteMessages request(Recipient actor, PersistentEnvelope... messages) {
    return new WriteMessages(
        CollectionConverters.asScala(List.of(messages)).toList(), actor.ref(), 7);
  }

  private static Object receive(Recipient actor) throws InterruptedException {
    return Patience.take(actor.received());
  }

  private Throwable failureOf(
      WriteRequests requests, Supplier<CompletionStage<List<Optional<Exception>>>> write)
      throws InterruptedException {
    Recipient actor = recipient();
    requests.carryOut(request(actor, write(1)), write);
    Throwable cause = ((WriteMessagesFailed) receive(actor)).cause();
    receive(actor);
    return cause;
  }

  @Test
  void tellsOfEachEventInOrder() throws Exception {
    Recipient actor = recipient();
    Exception rejection = new IllegalArgumentException("too large");
    WriteMessages request =
        request(
            actor,
            write(1, 2),
            new NonPersistentRepr("deferred", ActorRef.noSender()),
            write(3),
            write(4));

    requests(10, "1 minute", "1 minute")
        .carryOut(
            request,
            () ->
                completedFuture(
                    List.of(Optional.empty(), Optional.of(rejection), Optional.empty())));

    assertThat(receive(actor)).isSameAs(WriteMessagesSuccessful$.MODULE$);
    assertThat(receive(actor)).isEqualTo(new WriteMessageSuccess(event(1), 7));
    assertThat(receive(actor)).isEqualTo(new WriteMessageSuccess(event(2), 7));
    assertThat(receive(actor)).isEqualTo(new LoopMessageSuccess("deferred", 7));
    assertThat(receive(actor)).isEqualTo(new WriteMessageRejected(event(3), rejection, 7));
    assertThat(receive(actor)).isEqualTo(new WriteMessageSuccess(event(4), 7));
  }

  @Test
  void tellsWhyAllFailed() throws Exception {
    Recipient actor = recipient();
    WriteMessages request =
        request(
            actor, write(1), new NonPersistentRepr("deferred", ActorRef.noSender()), write(2, 3));

    requests(10, "1 minute", "1 minute")
        .carryOut(
            request, () -> failedFuture(new FenceException("lost", FenceException.Effect.UNKNOWN)));

    WriteMessagesFailed failed = (WriteMessagesFailed) receive(actor);
    assertThat(failed.writeCount()).isEqualTo(2);
    assertThat(failed.cause()).isInstanceOf(JournalException.class).hasMessage("lost");
    assertThat(receive(actor)).isEqualTo(new WriteMessageFailure(event(1), failed.cause(), 7));
    assertThat(receive(actor)).isEqualTo(new LoopMessageSuccess("deferred", 7));
    assertThat(receive(actor)).isEqualTo(new WriteMessageFailure(event(2), failed.cause(), 7));
    assertThat(receive(actor)).isEqualTo(new WriteMessageFailure(event(3), failed.cause(), 7));
  }

  /** An actor sends its next request when it has heard the first of an answer. */
  @Test
  void answersARequestAfterAllOfTheOneBefore() throws Exception {
    WriteRequests requests = requests(10, "1 minute", "1 minute");
    int events = 2_000;
    long[] many = new long[events];
    for (int i = 0; i < events; i++) {
      many[i] = i + 1L;
    }
    for (int round = 0; round < 20; round++) {
      Recipient actor = recipient();
      CompletableFuture<List<Optional<Exception>>> stored = new CompletableFuture<>();
      requests.carryOut(request(actor, write(many)), () -> stored);
      CompletableFuture<Boolean> answering =
          CompletableFuture.supplyAsync(() -> stored.complete(List.of()));
      assertThat(receive(actor)).isSameAs(WriteMessagesSuccessful$.MODULE$);
      requests.carryOut(
          request(actor, write(events + 1L)),
          () -> CompletableFuture.supplyAsync(List::<Optional<Exception>>of));

      for (long sequenceNr : many) {
        assertThat(receive(actor)).isEqualTo(new WriteMessageSuccess(event(sequenceNr), 7));
      }
      assertThat(receive(actor)).isSameAs(WriteMessagesSuccessful$.MODULE$);
      assertThat(answering.get()).isTrue();
    }
  }

  @Test
  void failsFastAfterManyFailures() throws Exception {
    WriteRequests requests = requests(3, "1 minute", "1 hour");
    fail(requests, 2);
    Recipient actor = recipient();
    requests.carryOut(request(actor, write(1)), () -> completedFuture(List.of()));
    assertThat(receive(actor)).isSameAs(WriteMessagesSuccessful$.MODULE$);
    fail(requests, 3);

    Throwable cause = failureOf(requests, () -> completedFuture(List.of()));

    assertThat(cause).isInstanceOf(CircuitBreakerOpenException.class);
  }

  @Test
  void triesAgainAfterAWhile() throws Exception {
    WriteRequests requests = requests(3, "1 minute", "1 ms");
    fail(requests, 3);

    Object first;
    do {
      Recipient actor = recipient();
      requests.carryOut(request(actor, write(1)), () -> completedFuture(List.of()));
      first = receive(actor);
    } while (first instanceof WriteMessagesFailed);

    assertThat(first).isSameAs(WriteMessagesSuccessful$.MODULE$);
    fail(requests, 2);
  }

  private void fail(WriteRequests requests, int times) throws InterruptedException {
    for (int i = 0; i < times; i++) {
      assertThat(failureOf(requests, () -> failedFuture(failure))).isSameAs(failure);
    }
  }

  @Test
  void givesUpWhatTakesTooLong() throws Exception {
    WriteRequests patient = requests(10, "1 minute", "1 minute");
    WriteRequests hasty = requests(10, "0 s", "1 minute");
    Recipient waiting = recipient();
    Recipient givenUp = recipient();
    CompletableFuture<List<Optional<Exception>>> late = new CompletableFuture<>();
    patient.carryOut(request(waiting, write(1)), () -> late);
    hasty.carryOut(request(givenUp, write(1)), () -> late);

    patient.expire();
    hasty.expire();
    late.complete(List.of());

    assertThat(((WriteMessagesFailed) receive(givenUp)).cause())
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("circuit-breaker.call-timeout");
    assertThat(receive(givenUp)).isInstanceOf(WriteMessageFailure.class);
    assertThat(receive(waiting)).isSameAs(WriteMessagesSuccessful$.MODULE$);
  }

  @Test
  void letsOneWriteTryWhetherTheBreakerCanClose() throws Exception {
    WriteRequests requests = requests(3, "1 minute", "1 ms");
    fail(requests, 3);
    CompletableFuture<List<Optional<Exception>>> stored = new CompletableFuture<>();
    AtomicInteger begun = new AtomicInteger();
    Supplier<CompletionStage<List<Optional<Exception>>>> write =
        () -> {
          begun.incrementAndGet();
          return stored;
        };
    Recipient trying;
    do {
      trying = recipient();
      requests.carryOut(request(trying, write(1)), write);
    } while (begun.get() == 0);

    assertThat(failureOf(requests, write)).isInstanceOf(CircuitBreakerOpenException.class);
    stored.completeExceptionally(failure);
    assertThat(((WriteMessagesFailed) receive(trying)).cause()).isSameAs(failure);
    assertThat(begun).hasValue(1);

    Object first;
    do {
      Recipient next = recipient();
      requests.carryOut(request(next, write(1)), () -> completedFuture(List.of()));
      first = receive(next);
    } while (first instanceof WriteMessagesFailed);
    assertThat(first).isSameAs(WriteMessagesSuccessful$.MODULE$);
  }

  @Test
  void answersWhatIsUnderWayWhenItIsClosed() throws Exception {
    WriteRequests patient = requests(10, "1 minute", "1 minute");
    WriteRequests hasty = requests(10, "1 ms", "1 minute");
    Recipient waiting = recipient();
    Recipient givenUp = recipient();
    CompletableFuture<List<Optional<Exception>>> late = new CompletableFuture<>();
    patient.carryOut(request(waiting, write(1)), () -> late);
    hasty.carryOut(request(givenUp, write(1)), CompletableFuture::new);

    CompletableFuture<Void> closed = patient.close().toCompletableFuture();
    hasty.close();

    assertThat(((WriteMessagesFailed) receive(givenUp)).cause())
        .isInstanceOf(TimeoutException.class);
    assertThat(closed).isNotDone();
    late.complete(List.of());
    assertThat(receive(waiting)).isSameAs(WriteMessagesSuccessful$.MODULE$);
    assertThat(closed).isCompleted();
  }

  @Test
  void answersWhenAWriteCannotBegin() throws Exception {
    WriteRequests requests = requests(10, "1 minute", "1 minute");

    Throwable cause =
        failureOf(
            requests,
            () -> {
              throw failure;
            });

    assertThat(cause).isSameAs(failure);
  }
}
