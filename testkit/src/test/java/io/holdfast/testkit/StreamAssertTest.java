// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import static io.holdfast.testkit.StreamAssert.assertStream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.holdfast.eventstore.EventMetadata;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.ReadStreamResult;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.eventstore.UnavailableException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class StreamAssertTest {
  private static final int PAGE = 3;

  /** A store that can only read. */
  private static EventStore store(
      Function<ReadStreamOptions, CompletionStage<ReadStreamResult>> read) {
    return (EventStore)
        Proxy.newProxyInstance(
            EventStore.class.getClassLoader(),
            new Class<?>[] {EventStore.class},
            (proxy, method, arguments) -> read.apply((ReadStreamOptions) arguments[1]));
  }

  /** A store with one stream of these payloads, in pages. */
  private static EventStore storeWith(Object... payloads) {
    return store(
        options -> {
          List<StreamDomainEvent<?>> page = new ArrayList<>();
          long version = options.fromVersion();
          for (; version <= payloads.length && page.size() < PAGE; version++) {
            Object payload = payloads[(int) version - 1];
            page.add(event(version, payload));
          }
          return CompletableFuture.completedFuture(
              new ReadStreamResult(
                  page,
                  version <= payloads.length ? OptionalLong.of(version) : OptionalLong.empty(),
                  payloads.length));
        });
  }

  private static StreamDomainEvent<Object> event(long version, Object payload) {
    String type = payload.getClass().getSimpleName();
    return new StreamDomainEvent<>(
        "id-" + version, "s", type, version, 0, payload, EventMetadata.empty());
  }

  private static String message(ThrowingCallable failing) {
    return String.valueOf(
        assertThatExceptionOfType(AssertionError.class).isThrownBy(failing).actual().getMessage());
  }

  @Test
  void passesWhatHolds() {
    StreamAssert stream =
        assertStream(storeWith("a", 1, "b", 2L), "s")
            .exists()
            .hasVersion(4)
            .hasEventTypes("String", "Integer", "String", "Long")
            .hasPayloads("a", 1, "b", 2L);
    assertThat(stream.events())
        .extracting(StreamDomainEvent::version)
        .containsExactly(1L, 2L, 3L, 4L);
    assertStream(storeWith(), "s").doesNotExist().hasVersion(0).hasEventTypes().hasPayloads();
  }

  @Test
  void showsTheStreamThatIsNotAsExpected() {
    StreamAssert stream = assertStream(storeWith("a", 1), "s");
    String contents = ", but it has version 2:\n  1 String a\n  2 Integer 1";
    assertThat(message(() -> stream.hasVersion(3)))
        .isEqualTo("expected that stream 's' has version 3" + contents);
    assertThat(message(stream::doesNotExist))
        .isEqualTo("expected that stream 's' does not exist" + contents);
    assertThat(message(() -> stream.hasEventTypes("Integer", "String")))
        .isEqualTo("expected that stream 's' has the event types [Integer, String]" + contents);
    assertThat(message(() -> stream.hasPayloads("a")))
        .isEqualTo("expected that stream 's' has the payloads [a]" + contents);
  }

  @Test
  void saysThatAStreamDoesNotExist() {
    assertThat(message(() -> assertStream(storeWith(), "s").exists()))
        .isEqualTo("expected that stream 's' exists, but it does not exist");
  }

  @Test
  void showsOnlyTheLastEventsOfALongStream() {
    Object[] payloads = new Object[60];
    Arrays.fill(payloads, "x");
    assertThat(message(() -> assertStream(storeWith(payloads), "s").hasVersion(1)).lines())
        .hasSize(52)
        .contains("  … 10 earlier events", "  11 String x", "  60 String x")
        .doesNotContain("  10 String x");
  }

  @Test
  void saysWhyAStreamCouldNotBeRead() {
    UnavailableException unavailable = new UnavailableException("s", "no quorum");
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(
            () -> assertStream(store(read -> CompletableFuture.failedFuture(unavailable)), "s"))
        .withMessage("stream 's' could not be read")
        .withCause(unavailable);
    assertThat(
            message(
                () ->
                    assertStream(
                        store(read -> new CompletableFuture<>()), "s", Duration.ofMillis(1))))
        .isEqualTo("stream 's' could not be read within PT0.001S");
  }

  @Test
  void keepsTheInterruptOfItsThread() {
    Thread.currentThread().interrupt();
    assertThat(message(() -> assertStream(store(read -> new CompletableFuture<>()), "s")))
        .contains("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }
}
