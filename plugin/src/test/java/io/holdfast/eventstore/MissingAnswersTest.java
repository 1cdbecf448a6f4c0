// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.holdfast.eventstore.entity.StreamEntitySettings;
import io.holdfast.eventstore.entity.Streams;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Streams whose answers do not come. */
class MissingAnswersTest {
  private final EventStore store =
      EventStoreBuilder.over(
              StreamEntitySettings.of(ConfigFactory.load()), clock -> withoutAnswers())
          .start();

  /** Fails as stages do that depend on one that has failed. */
  private static Streams withoutAnswers() {
    return (Streams)
        Proxy.newProxyInstance(
            MissingAnswersTest.class.getClassLoader(),
            new Class<?>[] {Streams.class},
            (streams, method, arguments) ->
                method.getName().equals("hasEnded")
                    ? true
                    : CompletableFuture.failedFuture(new TimeoutException("of Pekko"))
                        .thenApply(answer -> answer));
  }

  private static Throwable failure(CompletionStage<?> stage) {
    return stage.handle((done, failure) -> failure).toCompletableFuture().join();
  }

  @Test
  void areSaidToBeMissing() {
    assertThat(failure(store.getStreamVersion("s")))
        .isInstanceOf(UnavailableException.class)
        .hasMessage("stream 's' gave no answer in time");
    assertThat(failure(store.append(AppendEventInput.of("s", NewEvent.of("Told", "a")))))
        .isInstanceOf(UnknownOutcomeException.class)
        .hasMessageEndingWith("stream 's' gave no answer in time");
  }
}
