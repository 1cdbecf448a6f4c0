// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.holdfast.eventstore.protocol.StreamMetadata;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What is kept with a stream beside its events, as a JSON object.
 *
 * @param closed whether nothing can be appended any more
 * @param metadataRevision how often the metadata was set
 */
public record StreamProperties(boolean closed, StreamMetadata metadata, long metadataRevision) {
  /** Those of a stream with which nothing was ever kept. */
  public static final StreamProperties NONE = new StreamProperties(false, StreamMetadata.none(), 0);

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .build();

  private record Stored(
      @Nullable Boolean closed,
      @Nullable Long maxCount,
      @Nullable Long maxAgeMillis,
      @Nullable Long metadataRevision) {}

  public StreamProperties {
    requireNonNull(metadata, "metadata");
  }

  /**
   * Those that stand in storage.
   *
   * @throws IllegalArgumentException if the text is no JSON object of ours
   */
  public static StreamProperties of(@Nullable String json) {
    if (json == null) {
      return NONE;
    }
    try {
      Stored stored = JSON.readValue(json, Stored.class);
      Long maxCount = stored.maxCount();
      return new StreamProperties(
          Boolean.TRUE.equals(stored.closed()),
          new StreamMetadata(
              maxCount == null ? OptionalLong.empty() : OptionalLong.of(maxCount),
              Optional.ofNullable(stored.maxAgeMillis()).map(Duration::ofMillis)),
          stored.metadataRevision() == null ? 0 : stored.metadataRevision());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "the properties of a stream cannot be read: " + e.getOriginalMessage(), e);
    }
  }

  String json() {
    Stored stored =
        new Stored(
            closed ? Boolean.TRUE : null,
            metadata.maxCount().isPresent() ? (Long) metadata.maxCount().getAsLong() : null,
            metadata.maxAge().map(Duration::toMillis).orElse(null),
            metadataRevision == 0 ? null : (Long) metadataRevision);
    try {
      return JSON.writeValueAsString(stored);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  StreamProperties close() {
    return new StreamProperties(true, metadata, metadataRevision);
  }

  StreamProperties with(StreamMetadata other) {
    return new StreamProperties(closed, other, metadataRevision + 1);
  }
}
