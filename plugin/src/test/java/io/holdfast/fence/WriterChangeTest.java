// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.fence.FenceException.Effect;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What a change says of itself whose second step fails. */
class WriterChangeTest {
  private static final UUID WRITER = UUID.fromString("8f3c0000-e7a1-11f0-8000-0123456789ab");

  private final List<String> requests = new ArrayList<>();

  /** A stream of ten events of the writer's, whose events cannot be deleted. */
  private CompletionStage<?> answer(String request) {
    requests.add(request);
    return switch (request) {
      case "readOwnership" ->
          completedFuture(Optional.of(new StreamOwnership(WRITER, 7, 10, 0, null)));
      case "readTail" -> completedFuture(Tail.NONE);
      case "recordChange" -> completedFuture(true);
      case "deleteEvents" ->
          failedFuture(new FenceException("too few replicas are alive", Effect.NONE));
      default -> throw new AssertionError(request);
    };
  }

  @SuppressWarnings("unchecked")
  private FenceStorage<String> storage() {
    return (FenceStorage<String>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {FenceStorage.class},
            (proxy, method, arguments) -> answer(method.getName()));
  }

  @Test
  void hasTakenPlaceOnceItIsRecordedWhateverDeletesNothing() {
    Writer<String> writer =
        new Writer<>(
            WRITER,
            storage(),
            FenceClock.of(InstantSource.system()),
            new WriterSettings(true, 1, 1, 100, 100),
            FenceListener.NONE);
    assertThatThrownBy(() -> writer.change("s", 5, Optional.of("{}")).toCompletableFuture().join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            FenceException.class,
            failure -> assertThat(failure.effect()).isEqualTo(Effect.UNKNOWN));
    assertThat(requests)
        .containsExactly("readOwnership", "readTail", "recordChange", "deleteEvents");
  }
}
