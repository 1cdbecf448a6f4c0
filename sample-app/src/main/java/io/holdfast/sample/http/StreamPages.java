// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.ReadStreamResult;
import io.holdfast.eventstore.StreamDomainEvent;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * One answer with events of a stream: as many as were asked for, but not many more bytes than one
 * batch may have. It is read in parts, so that no more than one part is held beyond that.
 */
final class StreamPages {
  private static final int PART_EVENTS = 100;
  private static final long MAX_BYTES = 8 << 20;

  private final EventStore store;
  private final String streamId;
  private final int limit;
  private final ObjectNode json = ApiJson.MAPPER.createObjectNode();
  private final ArrayNode events = ApiJson.MAPPER.createArrayNode();
  private long bytes;

  private StreamPages(EventStore store, String streamId, int limit) {
    this.store = store;
    this.streamId = streamId;
    this.limit = limit;
  }

  static CompletionStage<HttpResponse> read(
      EventStore store, String streamId, ReadStreamOptions range, int limit) {
    return new StreamPages(store, streamId, limit).part(range);
  }

  private CompletionStage<HttpResponse> part(ReadStreamOptions range) {
    int part = Math.min(PART_EVENTS, limit - events.size());
    return store
        .readStream(streamId, range.limit(part))
        .thenCompose(read -> add(range, read));
  }

  private CompletionStage<HttpResponse> add(ReadStreamOptions range, ReadStreamResult read) {
    for (StreamDomainEvent<?> event : read.events()) {
      if (bytes > MAX_BYTES) {
        return answer(read.currentVersion(), OptionalLong.of(event.version()));
      }
      ObjectNode written = EventJson.write(event);
      bytes += ApiJson.write(written).length;
      events.add(written);
    }
    OptionalLong next = read.continueFrom();
    if (next.isEmpty() || events.size() >= limit || bytes > MAX_BYTES) {
      return answer(read.currentVersion(), next);
    }
    return part(
        range.reverse()
            ? range.toVersion(next.getAsLong())
            : range.fromVersion(next.getAsLong()));
  }

  private CompletionStage<HttpResponse> answer(long version, OptionalLong continueFrom) {
    json.put("streamId", streamId);
    json.put("currentVersion", version);
    json.set("events", events);
    if (continueFrom.isPresent()) {
      json.put("continueFrom", continueFrom.getAsLong());
    } else {
      json.putNull("continueFrom");
    }
    return CompletableFuture.completedFuture(Answers.at(version, Answers.ok(json)));
  }
}
