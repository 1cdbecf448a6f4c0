// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.decider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.holdfast.eventstore.ConcurrencyException;
import io.holdfast.eventstore.EventMetadata;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.eventstore.UnknownOutcomeException;
import io.holdfast.eventstore.decider.Counter.Add;
import io.holdfast.eventstore.decider.Counter.Added;
import io.holdfast.eventstore.decider.Counter.TooHighException;
import io.holdfast.eventstore.protocol.ReadConsistency;
import io.holdfast.test.Patience;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CommandHandlerTest {
  private final ListStore list = new ListStore();
  private final CommandHandler<Add, Integer, Added> handler =
      CommandHandler.of(list.store(), new Counter(), Added.class);

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return Patience.get(stage);
  }

  /** What the callbacks of the stage see, not what its {@code get} unwraps. */
  private static Throwable failure(CompletionStage<?> stage) throws Exception {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    stage.whenComplete((value, thrown) -> failure.complete(thrown));
    return Patience.get(failure);
  }

  private void fill(int steps) {
    IntStream.rangeClosed(1, steps).forEach(step -> list.add(new Added(step)));
  }

  @Test
  void beginsANewStream() throws Exception {
    Decided<Integer, Added> decided = get(handler.handle("stream", new Add(2)));

    assertThat(decided.state()).isEqualTo(2);
    assertThat(decided.version()).isEqualTo(2);
    assertThat(decided.events())
        .extracting(StreamDomainEvent::payload)
        .containsExactly(new Added(1), new Added(2));
    assertThat(list.events()).isEqualTo(decided.events());
    assertThat(list.appends()).isEqualTo(1);
  }

  @Test
  void decidesOnAllEventsOfAStreamOfManyPages() throws Exception {
    fill(2_500);

    Decided<Integer, Added> decided = get(handler.handle("stream", new Add(1)));

    assertThat(decided.state()).isEqualTo(2_501);
    assertThat(decided.version()).isEqualTo(2_501);
    assertThat(list.reads())
        .extracting(ReadStreamOptions::fromVersion)
        .containsExactly(1L, 1_001L, 2_001L);
    assertThat(list.reads())
        .extracting(ReadStreamOptions::consistency)
        .containsOnly(ReadConsistency.LINEARIZABLE);
  }

  @Test
  void givesAllEventsOfACommandItsMetadata() throws Exception {
    EventMetadata metadata = EventMetadata.empty().withUserId("ann").with("k", 1);
    get(handler.handle("stream", new Add(3), metadata));
    assertThat(list.events())
        .hasSize(3)
        .extracting(e -> (Object) e.metadata())
        .containsOnly(metadata);
  }

  @Test
  void writesNothingWhereNothingIsDecided() throws Exception {
    fill(3);
    Decided<Integer, Added> decided = get(handler.handle("stream", new Add(0)));
    assertThat(decided).isEqualTo(new Decided<>(List.of(), 3, 3));
    assertThat(list.appends()).isZero();
  }

  @Test
  void failsWithTheVeryExceptionThatRefusesTheCommand() throws Exception {
    for (RuntimeException refusal :
        List.of(new TooHighException(), new CompletionException(new TooHighException()))) {
      Decider<Add, Integer, Added> refusing = refusing(refusal);
      CommandHandler<Add, Integer, Added> refused =
          CommandHandler.of(list.store(), refusing, Added.class);
      assertThat(failure(refused.handle("stream", new Add(1)))).isSameAs(refusal);
    }
    assertThat(list.appends()).isZero();
  }

  private static Decider<Add, Integer, Added> refusing(RuntimeException refusal) {
    return new Decider<>() {
      @Override
      public Integer initialState() {
        return 0;
      }

      @Override
      public List<Added> decide(Add command, Integer state) {
        throw refusal;
      }

      @Override
      public Integer evolve(Integer state, Added event) {
        return state;
      }
    };
  }

  @Test
  void decidesAgainOnWhatIsNewAfterAConflict() throws Exception {
    fill(4);
    AtomicInteger rivals = new AtomicInteger(2);
    list.beforeAppend(
        () -> {
          if (rivals.getAndDecrement() > 0) {
            list.add(new Added(list.events().size() + 1));
          }
        });

    Decided<Integer, Added> decided = get(handler.handle("stream", new Add(1)));

    assertThat(decided.state()).isEqualTo(7);
    assertThat(decided.version()).isEqualTo(7);
    assertThat(list.events()).hasSize(7);
    assertThat(list.appends()).isEqualTo(3);
    assertThat(list.reads()).extracting(ReadStreamOptions::fromVersion).containsExactly(1L, 5L, 6L);
  }

  @Test
  void mayRefuseAfterAConflict() throws Exception {
    fill(Counter.HIGHEST - 1);
    list.beforeAppend(() -> list.add(new Added(Counter.HIGHEST)));
    assertThat(failure(handler.handle("stream", new Add(1)))).isInstanceOf(TooHighException.class);
    assertThat(list.appends()).isEqualTo(1);
  }

  @Test
  void failsWithTheLastConflictAfterItsAttempts() throws Exception {
    list.beforeAppend(() -> list.add(new Added(list.events().size() + 1)));

    Throwable failure = failure(handler.withMaxAttempts(3).handle("stream", new Add(1)));

    assertThat(failure)
        .isInstanceOfSatisfying(
            ConcurrencyException.class,
            conflict -> assertThat(conflict.actualVersion()).isEqualTo(3));
    assertThat(list.appends()).isEqualTo(3);
    assertThat(list.events()).hasSize(3);
    assertThat(list.reads()).extracting(ReadStreamOptions::fromVersion).containsExactly(1L, 1L, 2L);
  }

  @Test
  void doesNotTryAgainWhatMayBeStored() throws Exception {
    UnknownOutcomeException unknown = new UnknownOutcomeException("stream", "no answer");
    list.failAppends(unknown);
    assertThat(failure(handler.handle("stream", new Add(1)))).isSameAs(unknown);
    assertThat(list.appends()).isEqualTo(1);
  }

  @Test
  void namesTheEventThatIsNoneOfTheDeciders() throws Exception {
    fill(1);
    list.add("something else");
    assertThat(failure(handler.handle("stream", new Add(1))))
        .isInstanceOf(ClassCastException.class)
        .hasMessageContaining("event 2 of stream 'stream'")
        .hasMessageContaining("String");
  }

  @Test
  void doesNotStoreAnEventThatDoesNotFold() throws Exception {
    Decider<Add, Integer, Added> counter = new Counter();
    Decider<Add, Integer, Added> wrong =
        new Decider<>() {
          @Override
          public Integer initialState() {
            return counter.initialState();
          }

          @Override
          public List<Added> decide(Add command, Integer state) {
            return List.of(new Added(state + 2));
          }

          @Override
          public Integer evolve(Integer state, Added event) {
            return counter.evolve(state, event);
          }
        };
    assertThat(failure(CommandHandler.of(list.store(), wrong, Added.class).handle("s", new Add(1))))
        .hasMessage("step 2 after 0");
    assertThat(list.appends()).isZero();
  }

  @Test
  void appliesEveryCommandOnceWhereManyMeet() throws Exception {
    int commands = 200;
    CommandHandler<Add, Integer, Added> patient = handler.withMaxAttempts(10_000);
    List<CompletionStage<Decided<Integer, Added>>> running =
        IntStream.range(0, commands)
            .mapToObj(i -> patient.handle("stream", new Add(1 + i % 3)))
            .toList();
    int steps = 0;
    for (CompletionStage<Decided<Integer, Added>> one : running) {
      steps += get(one).events().size();
    }
    assertThat(list.events())
        .extracting(event -> ((Added) event.payload()).step())
        .isEqualTo(IntStream.rangeClosed(1, steps).boxed().toList());
  }

  @Test
  void pausesLongerFromAttemptToAttemptUpToABound() {
    assertThat(List.of(1, 2, 3, 7, 8, 100, Integer.MAX_VALUE))
        .extracting(CommandHandler::maxPauseMillis)
        .containsExactly(10L, 20L, 40L, 500L, 500L, 500L, 500L);
  }

  @Test
  void refusesLessThanOneAttempt() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> handler.withMaxAttempts(0))
        .withMessageContaining("0");
  }
}
