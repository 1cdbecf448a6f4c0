// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.protocol;

import io.holdfast.serialization.EventData;
import io.holdfast.serialization.RecordedEvent;
import io.holdfast.serialization.SerializedPayload;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The bodies of messages as they cross the network: CBOR maps with these fields. Fields may be
 * added and are ignored by those who do not know them; a field that is absent reads as {@code null}
 * or 0. Nothing else may change under the same manifest.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
final class WireFormat {
  private static final String OWNER = "owner";
  private static final long NO_STREAM = Long.MIN_VALUE;
  private static final long STREAM_EXISTS = Long.MIN_VALUE + 1;

  private WireFormat() {}

  record Event(
      String id, String type, String contentType, byte[] payload, @Nullable String metadata) {
    static Event of(EventData data) {
      SerializedPayload payload = data.payload();
      return new Event(
          data.id(),
          data.type(),
          payload.contentType(),
          payload.bytes().toArrayUnsafe(),
          data.metadata());
    }

    EventData data() {
      SerializedPayload serialized =
          new SerializedPayload(contentType, ByteString.fromArrayUnsafe(payload));
      return new EventData(id, type, serialized, metadata);
    }
  }

  /**
   * @param expected see {@link #nullable(ExpectedVersion)}
   * @param drawnAt absent if the ids may be stored
   */
  record Append(
      List<Event> events, @Nullable Long expected, String replyTo, @Nullable Long drawnAt) {
    OptionalLong idsDrawnAt() {
      return optional(drawnAt);
    }
  }

  /**
   * @param change "truncate", "delete", "close" or "metadata"
   * @param before of "truncate"
   * @param maxCount of "metadata"
   * @param maxAge of "metadata", in milliseconds
   * @param revision of "metadata": the one that is replaced; absent for any
   */
  record Change(
      String change,
      @Nullable Long before,
      @Nullable Long maxCount,
      @Nullable Long maxAge,
      @Nullable Long revision,
      @Nullable Long expected,
      String replyTo) {
    static Change of(StreamChange change, ExpectedVersion expectedVersion, String replyTo) {
      Long expected = nullable(expectedVersion);
      if (change instanceof StreamChange.Truncate truncate) {
        return new Change(
            "truncate", truncate.beforeVersion(), null, null, null, expected, replyTo);
      } else if (change instanceof StreamChange.SetMetadata set) {
        StreamMetadata metadata = set.metadata();
        return new Change(
            "metadata",
            null,
            nullable(metadata.maxCount()),
            millis(metadata),
            nullable(set.atRevision()),
            expected,
            replyTo);
      }
      String name = change instanceof StreamChange.Close ? "close" : "delete";
      return new Change(name, null, null, null, null, expected, replyTo);
    }

    StreamChange toChange() {
      return switch (change) {
        case "truncate" -> new StreamChange.Truncate(before == null ? 0 : before);
        case "delete" -> new StreamChange.Delete();
        case "close" -> new StreamChange.Close();
        case "metadata" ->
            new StreamChange.SetMetadata(metadata(maxCount, maxAge), optional(revision));
        default ->
            throw new IllegalArgumentException(
                "change '%s' of a stream is not known here: it comes from a newer version of Holdfast"
                    .formatted(change));
      };
    }
  }

  /**
   * @param revision absent for 0
   */
  record Info(
      long version,
      long deletedTo,
      boolean closed,
      @Nullable Long maxCount,
      @Nullable Long maxAge,
      @Nullable Long revision) {
    static Info of(StreamReply.Info info) {
      StreamMetadata metadata = info.metadata();
      return new Info(
          info.version(),
          info.deletedTo(),
          info.closed(),
          nullable(metadata.maxCount()),
          millis(metadata),
          info.metadataRevision() == 0 ? null : (Long) info.metadataRevision());
    }

    StreamReply.Info info() {
      return new StreamReply.Info(
          version, deletedTo, closed, metadata(maxCount, maxAge), revision == null ? 0 : revision);
    }
  }

  private static @Nullable Long millis(StreamMetadata metadata) {
    return metadata.maxAge().map(Duration::toMillis).orElse(null);
  }

  private static StreamMetadata metadata(@Nullable Long maxCount, @Nullable Long maxAge) {
    return new StreamMetadata(
        optional(maxCount), Optional.ofNullable(maxAge).map(Duration::ofMillis));
  }

  record AlreadyAppended(List<EventAt> events) {}

  /**
   * @param consistency absent for linearizable
   */
  record Read(
      long from,
      long to,
      int limit,
      boolean reverse,
      String replyTo,
      @Nullable String consistency) {}

  /**
   * @param consistency absent for linearizable
   */
  record Ask(String replyTo, @Nullable String consistency) {}

  record Appended(long version, long timestamp) {}

  record Conflict(@Nullable Long expected, long actual, @Nullable String reason) {}

  record Reason(String reason) {}

  record Version(long version) {}

  record Existence(boolean exists) {}

  record EventAt(long version, long timestamp, Event event) {
    static EventAt of(StreamReply.EventAt at) {
      return new EventAt(at.version(), at.event().timestampMillis(), Event.of(at.event().data()));
    }

    StreamReply.EventAt at() {
      return new StreamReply.EventAt(version, new RecordedEvent(event.data(), timestamp));
    }
  }

  record Page(List<EventAt> events, @Nullable Long next, long version) {
    OptionalLong continueFrom() {
      return optional(next);
    }
  }

  static @Nullable String nullable(ReadConsistency consistency) {
    return consistency == ReadConsistency.OWNER ? OWNER : null;
  }

  /** What this version does not know is answered with what is never wrong. */
  static ReadConsistency consistency(@Nullable String name) {
    return OWNER.equals(name) ? ReadConsistency.OWNER : ReadConsistency.LINEARIZABLE;
  }

  /** Absent for any version; a version; or one of two that no stream ever has. */
  static @Nullable Long nullable(ExpectedVersion expected) {
    if (expected instanceof ExpectedVersion.Exactly exactly) {
      return exactly.version();
    } else if (expected instanceof ExpectedVersion.NoStream) {
      return NO_STREAM;
    }
    return expected instanceof ExpectedVersion.StreamExists ? STREAM_EXISTS : null;
  }

  static ExpectedVersion expected(@Nullable Long value) {
    if (value == null) {
      return ExpectedVersion.any();
    } else if (value == NO_STREAM) {
      return ExpectedVersion.noStream();
    }
    return value == STREAM_EXISTS ? ExpectedVersion.streamExists() : ExpectedVersion.exactly(value);
  }

  static OptionalLong optional(@Nullable Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  static @Nullable Long nullable(OptionalLong value) {
    return value.isPresent() ? (Long) value.getAsLong() : null;
  }
}
