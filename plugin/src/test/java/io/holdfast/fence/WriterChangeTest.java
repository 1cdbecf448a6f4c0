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
  private boolean deletes;

  /** A stream of ten events of the writer's, whose events cannot be deleted at first. */
  private CompletionStage<?> answer(String request) {
    requests.add(request);
    return switch (request) {
      case "readOwnership" ->
          completedFuture(Optional.of(new StreamOwnership(WRITER, 7, 10, 0, null)));
      case "readTail" -> completedFuture(Tail.NONE);
      case "recordChange" -> completedFuture(true);
      case "deleteEvents" ->
          deletes
              ? completedFuture(null)
              : failedFuture(new FenceException("too few replicas are alive", Effect.NONE));
      case "readRevocations" -> completedFuture(List.of());
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

  private Writer<String> writer(int maxRememberedStreams) {
    return new Writer<>(
        WRITER,
        storage(),
        FenceClock.of(InstantSource.system()),
        new WriterSettings(true, 1, 1, 100, maxRememberedStreams),
        FenceListener.NONE);
  }

  private static void assertUnknown(CompletionStage<?> change) {
    assertThatThrownBy(() -> change.toCompletableFuture().join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            FenceException.class,
            failure -> assertThat(failure.effect()).isEqualTo(Effect.UNKNOWN));
  }

  @Test
  void hasTakenPlaceOnceItIsRecordedWhateverDeletesNothing() {
    assertUnknown(writer(1).change("s", 5, Optional.of("{}")));
    assertThat(requests)
        .containsExactly(
            "readOwnership", "readTail", "readOwnership", "recordChange", "deleteEvents");
  }

  @Test
  void deletesAgainWhereItIsRepeated() {
    Writer<String> writer = writer(1);
    assertUnknown(writer.deleteTo("s", 5));
    assertUnknown(writer.deleteTo("s", 5));
    deletes = true;
    writer.deleteTo("s", 5).toCompletableFuture().join();
    writer.deleteTo("s", 5).toCompletableFuture().join();
    assertThat(requests)
        .filteredOn(request -> request.equals("recordChange") || request.equals("deleteEvents"))
        .containsExactly("recordChange", "deleteEvents", "deleteEvents", "deleteEvents");
  }

  /** The writer remembers no idle stream, but this one is not done. */
  @Test
  void isEndedByTheWriterItself() {
    Writer<String> writer = writer(0);
    assertUnknown(writer.deleteTo("s", 5));
    deletes = true;
    requests.clear();
    writer.maintain().toCompletableFuture().join();
    writer.maintain().toCompletableFuture().join();
    assertThat(requests).containsExactly("deleteEvents");
  }
}
