// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.eventstore.protocol.StreamChange;
import io.holdfast.serialization.EventData;
import io.holdfast.serialization.Utf8;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a stream takes, checked at the caller's edge and again by the stream. Each check answers
 * what is wrong, with the value, the limit and the remedy; or nothing.
 *
 * @param section where the limits are set
 * @param maxIdLength the longest stream id, event id and type, in characters
 * @param maxEventBytes the largest event, as {@link EventData#sizeInBytes()} counts
 * @param maxBatchBytes the largest batch
 * @param maxBatchEvents the longest batch
 * @param sizeRemedy which setting raises the two sizes
 */
public record StreamLimits(
    String section,
    int maxIdLength,
    int maxEventBytes,
    int maxBatchBytes,
    int maxBatchEvents,
    String sizeRemedy) {

  public Optional<String> checkStreamId(String streamId) {
    return checkName("stream id", streamId);
  }

  public Optional<String> checkExpectedVersion(ExpectedVersion expectedVersion) {
    return expectedVersion instanceof ExpectedVersion.Exactly exactly && exactly.version() < 0
        ? Optional.of(
            "expected version %d is negative; it is 0 for a new stream, and ExpectedVersion.any() for any version"
                .formatted(exactly.version()))
        : Optional.empty();
  }

  public Optional<String> checkChange(StreamChange change) {
    return change instanceof StreamChange.Truncate truncate && truncate.beforeVersion() < 1
        ? Optional.of(
            "beforeVersion %d is below 1; versions begin at 1".formatted(truncate.beforeVersion()))
        : Optional.empty();
  }

  public Optional<String> checkEvents(List<EventData> events) {
    if (events.size() > maxBatchEvents) {
      return Optional.of(
          "a batch of %,d events is above the limit of %,d (%s.max-batch-events); append it in parts"
              .formatted(events.size(), maxBatchEvents, section));
    }
    long batchBytes = 0;
    Set<String> ids = new HashSet<>();
    for (EventData event : events) {
      Optional<String> problem =
          checkName("event type", event.type())
              .or(() -> checkName("event id", event.id()))
              .or(() -> checkText("content type", event.payload().contentType()))
              .or(() -> checkText("metadata", event.metadata()));
      if (problem.isPresent()) {
        return problem;
      }
      if (events.size() > 1 && !ids.add(event.id())) {
        return Optional.of(
            "event id '%s' stands in the batch twice; an id names one event".formatted(event.id()));
      }
      int bytes = event.sizeInBytes();
      if (bytes > maxEventBytes) {
        return Optional.of(
            "event '%s' of type '%s' has %,d bytes, above the limit of %,d; make it smaller, or raise %s"
                .formatted(event.id(), event.type(), bytes, maxEventBytes, sizeRemedy));
      }
      batchBytes += bytes;
    }
    return batchBytes > maxBatchBytes
        ? Optional.of(
            "a batch of %,d events has %,d bytes, above the limit of %,d; append it in parts, or raise %s"
                .formatted(events.size(), batchBytes, maxBatchBytes, sizeRemedy))
        : Optional.empty();
  }

  public Optional<String> checkRange(long fromVersion, OptionalLong limit) {
    if (fromVersion < 1) {
      return Optional.of("fromVersion %d is below 1; versions begin at 1".formatted(fromVersion));
    }
    return limit.isPresent() && limit.getAsLong() < 1
        ? Optional.of("limit %d is below 1".formatted(limit.getAsLong()))
        : Optional.empty();
  }

  private Optional<String> checkName(String what, String name) {
    if (name.isEmpty()) {
      return Optional.of("%s is empty".formatted(what));
    }
    Optional<String> problem = checkText(what, name);
    if (problem.isPresent()) {
      return problem;
    }
    return name.length() > maxIdLength
        ? Optional.of(
            "%s '%s…' has %,d characters, above the limit of %,d (%s.max-id-length)"
                .formatted(
                    what,
                    name.substring(0, Math.min(40, maxIdLength)),
                    name.length(),
                    maxIdLength,
                    section))
        : Optional.empty();
  }

  private static Optional<String> checkText(String what, @Nullable String text) {
    return text == null || Utf8.isEncodable(text)
        ? Optional.empty()
        : Optional.of(Utf8.notUnicode(what, text));
  }
}
