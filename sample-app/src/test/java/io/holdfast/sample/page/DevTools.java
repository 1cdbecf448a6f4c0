// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.test.Patience;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the <a href="https://chromedevtools.github.io/devtools-protocol/">Chrome DevTools
 * protocol</a>: commands with their answers, and events. Thread-safe; one command is sent at a
 * time.
 */
final class DevTools implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
  private final List<Consumer<JsonNode>> listeners = new CopyOnWriteArrayList<>();
  private final WebSocket socket;

  private DevTools(URI address) {
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(address, new Receiver())
            .orTimeout(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)
            .join();
  }

  static DevTools connect(URI address) {
    return new DevTools(address);
  }

  /** Calls {@code listener} with every event: {@code method}, {@code params}. */
  void onEvent(Consumer<JsonNode> listener) {
    listeners.add(listener);
  }

  /** Sends a command and waits for its result; {@code session} is null for the browser itself. */
  synchronized JsonNode call(@Nullable String session, String method, Map<String, ?> parameters) {
    int id = ids.incrementAndGet();
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", JSON.valueToTree(parameters));
    if (session != null) {
      message.put("sessionId", session);
    }
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    socket.sendText(message.toString(), true).join();
    JsonNode answered = answer.orTimeout(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    if (answered.has("error")) {
      throw new IllegalStateException(message + " failed: " + answered.get("error"));
    }
    return answered.path("result");
  }

  @Override
  public void close() {
    socket.abort();
  }

  private void receive(String text) {
    try {
      JsonNode message = JSON.readTree(text);
      CompletableFuture<JsonNode> answer = waiting.remove(message.path("id").asInt());
      if (answer != null) {
        answer.complete(message);
      } else {
        listeners.forEach(listener -> listener.accept(message));
      }
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class Receiver implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        String whole = text.toString();
        text.setLength(0);
        receive(whole);
      }
      from.request(1);
      return null;
    }
  }
}
