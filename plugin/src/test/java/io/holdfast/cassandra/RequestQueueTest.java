// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.RequestThrottlingException;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.session.ProgrammaticArguments;
import com.datastax.oss.driver.api.core.session.throttling.RequestThrottler;
import com.datastax.oss.driver.api.core.session.throttling.Throttled;
import com.datastax.oss.driver.internal.core.context.DefaultDriverContext;
import io.holdfast.test.Patience;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Requests that wait for their turn. */
class RequestQueueTest {
  private static final class Request implements Throttled {
    final CompletableFuture<Boolean> delayed = new CompletableFuture<>();

    @Override
    public void onThrottleReady(boolean wasDelayed) {
      delayed.complete(wasDelayed);
    }

    @Override
    public void onThrottleFailure(RequestThrottlingException error) {
      delayed.completeExceptionally(error);
    }
  }

  private final Request one = new Request();
  private final Request two = new Request();
  private final Request three = new Request();
  private final Request four = new Request();

  private static RequestQueue queue(int maxUnderWay, int maxWaiting) {
    String settings =
        "datastax-java-driver.advanced.throttler { max-concurrent-requests = %d, max-queue-size = %d, holdfast-settings = tenant2.cassandra }";
    return new RequestQueue(
        new DefaultDriverContext(
            DriverConfigLoader.fromString(settings.formatted(maxUnderWay, maxWaiting)),
            ProgrammaticArguments.builder().build()));
  }

  @Test
  void startsInTurnAndRefusesWhatIsTooMuch() {
    RequestQueue queue = queue(1, 2);
    List.of(one, two, three, four).forEach(queue::register);
    assertThat(one.delayed).isCompletedWithValue(false);
    assertThat(two.delayed).isNotDone();
    assertThat(three.delayed).isNotDone();
    assertThat(queue.getQueueSize()).isEqualTo(2);
    assertThatThrownBy(four.delayed::join)
        .hasMessageContainingAll(
            "1 requests",
            "2 wait",
            "tenant2.cassandra.max-concurrent-requests",
            "max-queued-requests");
    queue.signalError(one, new IllegalStateException());
    assertThat(two.delayed).isCompletedWithValue(true);
    assertThat(three.delayed).isNotDone();
    queue.signalSuccess(two);
    assertThat(three.delayed).isCompletedWithValue(true);
    queue.signalSuccess(three);
    Request five = new Request();
    queue.register(five);
    assertThat(five.delayed).isCompletedWithValue(false);
  }

  /** As where the driver has no connection: each request ends within its start. */
  @Test
  void startsManyThatEndAtOnceWithoutAStackForEach() {
    RequestQueue queue = queue(1, 50_000);
    AtomicInteger ended = new AtomicInteger();
    class Failing implements Throttled {
      @Override
      public void onThrottleReady(boolean wasDelayed) {
        ended.incrementAndGet();
        queue.signalError(this, new IllegalStateException());
      }

      @Override
      public void onThrottleFailure(RequestThrottlingException error) {
        throw error;
      }
    }
    queue.register(one);
    for (int i = 0; i < 50_000; i++) {
      queue.register(new Failing());
    }
    queue.signalSuccess(one);
    assertThat(ended).hasValue(50_000);
    queue.register(two);
    assertThat(two.delayed).isCompletedWithValue(false);
  }

  @Test
  void takesNoPlaceOfARequestThatIsGivenUpWhileItWaits() {
    RequestQueue queue = queue(1, 2);
    List.of(one, two, three).forEach(queue::register);
    queue.signalTimeout(two);
    queue.register(four);
    assertThat(three.delayed).isNotDone();
    queue.signalTimeout(one);
    assertThat(three.delayed).isCompletedWithValue(true);
    queue.signalCancel(three);
    assertThat(four.delayed).isCompletedWithValue(true);
    assertThat(two.delayed).isNotDone();
  }

  @Test
  void refusesEverythingOnceItIsClosed() {
    RequestQueue queue = queue(1, 2);
    List.of(one, two).forEach(queue::register);
    queue.close();
    queue.register(three);
    assertThat(two.delayed).isCompletedExceptionally();
    assertThat(three.delayed).isCompletedExceptionally();
    queue.signalSuccess(one);
    assertThat(queue.getQueueSize()).isZero();
  }

  /** Each begins to wait at about the moment in which the other one ends. */
  @Test
  void forgetsNoRequestThatBeginsToWaitWhenTheLastOneEnds() throws Exception {
    RequestThrottler queue = queue(1, 10);
    List<CompletableFuture<Void>> clients =
        Stream.generate(() -> CompletableFuture.runAsync(() -> send(queue, 200_000)))
            .limit(2)
            .toList();
    for (CompletableFuture<Void> client : clients) {
      Patience.get(client);
    }
  }

  private static void send(RequestThrottler queue, int requests) {
    for (int i = 0; i < requests; i++) {
      Request request = new Request();
      queue.register(request);
      request.delayed.join();
      queue.signalSuccess(request);
    }
  }
}
