// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.holdfast.test.Patience;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.AsyncSerializerWithStringManifestCS;

/**
 * An asynchronous serializer of {@link TestEvent}, which the test may hold up at any text, on its
 * way to bytes and back; called synchronously it would block. Public because Pekko creates it by
 * name.
 */
public final class LateSerializer extends AsyncSerializerWithStringManifestCS {
  /** The settings that make it the serializer of {@link TestEvent}. */
  static final String SETTINGS =
      """
      pekko.actor {
        serializers.late = "io.holdfast.it.journal.LateSerializer"
        serialization-bindings."io.holdfast.it.journal.TestEvent" = late
      }
      """;

  /** An event with this text is refused with an exception instead of a failed future. */
  static final String THROWN = "thrown";

  /** The bytes of an event with this text cannot be read. */
  static final String UNREADABLE = "unreadable";

  private static final Map<String, Hold> HOLDS = new ConcurrentHashMap<>();

  /** Holds up what is done with one text. */
  static final class Hold {
    private final CompletableFuture<Void> reached = new CompletableFuture<>();
    private final CompletableFuture<Void> released = new CompletableFuture<>();

    void awaitReached() throws Exception {
      Patience.get(reached);
    }

    void release() {
      released.complete(null);
    }
  }

  public LateSerializer(ExtendedActorSystem system) {
    super(system);
  }

  /** Until released, events with the text are not serialized, or read. */
  static Hold hold(String text) {
    Hold hold = new Hold();
    HOLDS.put(text, hold);
    return hold;
  }

  private static CompletableFuture<Void> pass(String text) {
    Hold hold = HOLDS.get(text);
    if (hold == null) {
      return CompletableFuture.runAsync(() -> {});
    }
    hold.reached.complete(null);
    return hold.released;
  }

  @Override
  public int identifier() {
    return 774_600_998;
  }

  @Override
  public String manifest(Object event) {
    return "late-1";
  }

  @Override
  public CompletionStage<byte[]> toBinaryAsyncCS(Object event) {
    String text = ((TestEvent) event).text();
    if (text.equals(THROWN)) {
      throw new IllegalArgumentException("no bytes for " + event);
    }
    return pass(text)
        .thenCompose(
            done ->
                ((TestEvent) event).isRefused()
                    ? failedFuture(new IllegalArgumentException("no bytes for " + event))
                    : completedFuture(text.getBytes(UTF_8)));
  }

  @Override
  public CompletionStage<Object> fromBinaryAsyncCS(byte[] bytes, String manifest) {
    String text = new String(bytes, UTF_8);
    return pass(text)
        .thenCompose(
            done ->
                text.equals(UNREADABLE)
                    ? failedFuture(new IllegalStateException("cannot read " + text))
                    : completedFuture(new TestEvent(text)));
  }
}
