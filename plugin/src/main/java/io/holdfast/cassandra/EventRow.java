// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.Objects.requireNonNull;

import io.holdfast.fence.FenceException;
import io.holdfast.serialization.EventData;
import io.holdfast.serialization.ObjectSerialization;
import io.holdfast.serialization.RecordedEvent;
import io.holdfast.serialization.SerializationException;
import io.holdfast.serialization.SerializedObject;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One event as a row of {@code events}.
 *
 * @param sequenceNr its place in the stream, from 1
 * @param timestampMillis when it was recorded, in milliseconds since 1970
 * @param writerUuid the persistent actor's incarnation; may be empty
 * @param manifest the event adapter's manifest; may be empty
 * @param tags the tags of a tagged event
 * @param content the event itself
 * @param metadata metadata of a persistent actor's event
 */
public record EventRow(
    String persistenceId,
    long sequenceNr,
    long timestampMillis,
    String writerUuid,
    String manifest,
    Set<String> tags,
    Content content,
    @Nullable SerializedObject metadata) {
  public EventRow {
    requireNonNull(persistenceId, "persistenceId");
    requireNonNull(writerUuid, "writerUuid");
    requireNonNull(manifest, "manifest");
    requireNonNull(content, "content");
    tags = Set.copyOf(tags);
  }

  /**
   * What readers of all streams choose by: an event store's logical type, or any other event's
   * manifest.
   */
  public String type() {
    if (content instanceof StreamEvent stream) {
      return stream.data().type();
    }
    return manifest.isEmpty() ? ((ActorEvent) content).event().manifest() : manifest;
  }

  /** About how many bytes the event takes. */
  public int sizeInBytes() {
    return content instanceof StreamEvent stream
        ? stream.data().sizeInBytes()
        : ((ActorEvent) content).event().bytes().size();
  }

  /** The event as an object; fails with whatever its serializer throws. */
  public CompletableFuture<Object> payload(ObjectSerialization objects) {
    return content instanceof StreamEvent stream
        ? CompletableFuture.completedFuture(new RecordedEvent(stream.data(), timestampMillis))
        : objects.deserialize(((ActorEvent) content).event());
  }

  /**
   * What the event was read as; fails with a {@link SerializationException} that names the event if
   * it could not be read.
   */
  public <T> CompletableFuture<T> named(CompletableFuture<T> read) {
    return read.exceptionally(
        failure -> {
          Throwable cause = FenceException.causeOf(failure);
          throw new SerializationException(
              "event %d of '%s' (type '%s') cannot be read: %s"
                  .formatted(sequenceNr, persistenceId, type(), cause),
              cause);
        });
  }

  /**
   * What a row holds: an event store's event in readable columns, or any actor's event as a Pekko
   * serializer wrote it.
   */
  public sealed interface Content {}

  /** An event of an event store stream. */
  public record StreamEvent(EventData data) implements Content {}

  /** An event of any other persistent actor. */
  public record ActorEvent(SerializedObject event) implements Content {}
}
