// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import io.holdfast.feed.FeedOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A stored event cannot be deserialized: no class of its type fits it, a newer program wrote it, or
 * its key is gone. The same read will fail again, until the serializer can read the event. A read
 * that begins after the event passes it over.
 */
public final class UnreadableEventException extends RejectedException {
  private static final long serialVersionUID = 1L;

  private final long version;
  private final String type;
  private final transient @Nullable FeedOffset offset;

  UnreadableEventException(
      String streamId, long version, String type, @Nullable FeedOffset offset, Throwable cause) {
    super(
        streamId,
        "event %d of stream '%s' (type '%s') cannot be read: %s"
            .formatted(version, streamId, type, cause.getMessage()),
        cause);
    this.version = version;
    this.type = type;
    this.offset = offset;
  }

  /** The event's version in its stream. */
  public long version() {
    return version;
  }

  /** The logical type name that the event is stored with. */
  public String type() {
    return type;
  }

  /** The place after the event in the feed, to go on from; empty if it was read from its stream. */
  public Optional<FeedOffset> offset() {
    return Optional.ofNullable(offset);
  }
}
