// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.failover;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The HTTP API of a node, as far as a run needs it. Thread-safe. */
final class ApiClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(40);
  private static final int PAGE = 500;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();
  private final Duration appendTimeout;

  /**
   * @param appendTimeout how long a client waits for an answer to an append before it asks another
   *     node
   */
  ApiClient(Duration appendTimeout) {
    this.appendTimeout = appendTimeout;
  }

  /** One attempt to append an event to a stream at exactly a version. */
  Answer append(URI node, String streamId, String eventId, long expectedVersion)
      throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(node.resolve("/api/streams/" + streamId))
            .timeout(appendTimeout)
            .header("Content-Type", "application/json")
            .header("If-Match", "\"" + expectedVersion + "\"")
            .POST(BodyPublishers.ofString(body(eventId)))
            .build();
    try {
      return answer(http.send(request, BodyHandlers.ofString()));
    } catch (ConnectException | HttpConnectTimeoutException e) {
      return new Answer.Unavailable();
    } catch (JsonProcessingException e) {
      return new Answer.Unexpected("an answer that is no JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      return new Answer.Unknown();
    }
  }

  private static String body(String eventId) {
    return JSON.createObjectNode()
        .put("id", eventId)
        .put("type", "Appended")
        .set("data", JSON.createObjectNode().put("by", "failover"))
        .toString();
  }

  private static Answer answer(HttpResponse<String> response) throws JsonProcessingException {
    return switch (response.statusCode()) {
      case 200, 201 -> {
        JsonNode event = JSON.readTree(response.body()).required("events").required(0);
        yield new Answer.Acknowledged(
            event.required("version").longValue(), response.statusCode() == 200);
      }
      case 409, 412 ->
          new Answer.Conflict(JSON.readTree(response.body()).required("actualVersion").longValue());
      case 429, 503 -> new Answer.Unavailable();
      case 504 -> new Answer.Unknown();
      default ->
          new Answer.Unexpected(
              "status %d, %s".formatted(response.statusCode(), response.body().strip()));
    };
  }

  /** The ids of all events of a stream, in the order of their versions, which are 1, 2, 3, …. */
  List<StoredEvent> read(URI node, String streamId) throws IOException, InterruptedException {
    List<StoredEvent> events = new ArrayList<>();
    long from = 1;
    while (true) {
      JsonNode page =
          get(node, "/api/streams/%s?fromVersion=%d&limit=%d".formatted(streamId, from, PAGE));
      for (JsonNode event : page.required("events")) {
        events.add(
            new StoredEvent(
                event.required("version").longValue(), event.required("id").textValue()));
      }
      JsonNode next = page.required("continueFrom");
      if (next.isNull()) {
        return events;
      }
      from = next.longValue();
    }
  }

  /** How many shards each member hosts, as a node sees the cluster; keys are HTTP addresses. */
  Map<String, Integer> shards(URI node) throws IOException, InterruptedException {
    Map<String, Integer> members = new HashMap<>();
    for (JsonNode member : get(node, "/api/cluster").required("members")) {
      members.put(member.required("httpAddress").asText(), member.required("shards").intValue());
    }
    return members;
  }

  private JsonNode get(URI node, String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(node.resolve(path)).timeout(READ_TIMEOUT).build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(
          "%s answered %d to GET %s: %s"
              .formatted(node, response.statusCode(), path, response.body().strip()));
    }
    return JSON.readTree(response.body());
  }
}
