// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/**
 * A writer reads the end of a stream that it has forgotten, and another one claims the stream
 * meanwhile: of that one's batch, events 3 and 4, a single replica has event 3.
 */
class ForgottenStreamTest {
  private static final UUID WRITER = UUID.fromString("8f3c0000-e7a1-11f0-8000-0123456789ab");
  private static final UUID OTHER = UUID.fromString("8f3c0000-e7a2-11f0-8000-0123456789ab");

  private final List<String> requests = new ArrayList<>();
  private StreamOwnership ownership = new StreamOwnership(WRITER, 7, 2, 0, null);

  private CompletionStage<?> answer(String request) {
    requests.add(request);
    return switch (request) {
      case "readOwnership" -> completedFuture(Optional.of(ownership));
      case "readTail" -> {
        ownership = new StreamOwnership(OTHER, 8, 2, 0, null);
        yield completedFuture(new Tail(3, 4));
      }
      // Not all of the batch is there.
      case "settleTail" -> completedFuture(Optional.empty());
      case "epochAfter" -> completedFuture(8L);
      case "takeOwnership" -> {
        ownership = new StreamOwnership(WRITER, 9, 2, 0, null);
        yield completedFuture(true);
      }
      case "readRevocations" -> completedFuture(List.of());
      case "revoke", "clearAfter" -> completedFuture(null);
      default -> throw new AssertionError(request);
    };
  }

  @SuppressWarnings("unchecked")
  private final Writer<String> writer =
      new Writer<>(
          WRITER,
          (FenceStorage<String>)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {FenceStorage.class},
                  (proxy, method, arguments) -> answer(method.getName())),
          FenceClock.of(InstantSource.system()),
          new WriterSettings(true, 1, 0, 100, 0),
          FenceListener.NONE);

  @Test
  void claimsWhatAnotherWriterHasTakenWhileItsEndWasRead() {
    assertThat(writer.recover("s").toCompletableFuture().join().highestSequenceNr()).isEqualTo(2);
    assertThat(requests).contains("settleTail", "takeOwnership");
  }

  @Test
  void takesNothingWithoutARecovery() {
    assertThatThrownBy(() -> writer.current("s").toCompletableFuture().join())
        .hasMessageContaining("taken by another writer");
    assertThat(requests).doesNotContain("takeOwnership");
  }
}
