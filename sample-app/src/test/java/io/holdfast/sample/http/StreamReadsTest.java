// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.OverloadedException;
import io.holdfast.serialization.JsonEventSerializer;
import io.holdfast.test.Patience;
import io.holdfast.testkit.InMemoryEventStore;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers of the API about a stream in memory. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamReadsTest {
  private final EventStore store =
      InMemoryEventStore.builder()
          .serializer(
              JsonEventSerializer.builder().upcaster("Dropped", 1, event -> List.of()).build())
          .start();
  private ActorSystem<Void> system;

  @BeforeAll
  void start() {
    system =
        ActorSystem.create(
            Behaviors.empty(),
            "reads",
            ConfigFactory.parseString(
                    """
                    pekko.actor.provider = local
                    pekko.coordinated-shutdown.exit-jvm = off
                    """)
                .withFallback(ConfigFactory.load()));
  }

  @AfterAll
  void stop() throws Exception {
    system.terminate();
    Patience.get(system.getWhenTerminated());
  }

  private HttpResponse answer(EventStore store, HttpRequest request) throws Exception {
    Bodies bodies = new Bodies(system, HttpSettings.of(system.settings().config()));
    return Patience.get(
        new StreamRoutes(system, store, bodies, new AppendPlot(system))
            .route()
            .handler(system)
            .apply(request));
  }

  private JsonNode page(String query) throws Exception {
    HttpResponse response = answer(store, HttpRequest.GET(query));
    assertThat(response.status().intValue()).isEqualTo(200);
    HttpEntity.Strict body =
        Patience.get(response.entity().toStrict(Patience.LIMIT.toMillis(), system));
    return ApiJson.read(body.getData().toArray());
  }

  /** K for events that are read as they are, D for those of which an upcaster makes none. */
  @ParameterizedTest
  @CsvSource({
    "KDKKDKK, 3",
    "KKDDDDDKK, 2",
    "DDDDKK, 2",
    "KKDDDD, 2",
    "KKK, 3",
    "KKKK, 3",
    "DDD, 1"
  })
  void pagesLeadToTheEndOfAStreamWhateverUpcastersDrop(String events, int limit) throws Exception {
    String id = "s-" + events;
    List<NewEvent<String>> batch =
        events
            .chars()
            .mapToObj(kind -> NewEvent.of(kind == 'D' ? "Dropped" : "Kept", "a"))
            .toList();
    Patience.get(store.appendBatch(AppendBatchInput.of(id, batch)));
    int pages = (events.length() + limit - 1) / limit;
    for (String reverse : List.of("false", "true")) {
      List<Integer> versions = new ArrayList<>();
      String query = "/%s?limit=%d&reverse=%s".formatted(id, limit, reverse);
      String from = reverse.equals("true") ? "&toVersion=" : "&fromVersion=";
      JsonNode page = page(query);
      for (int i = 1; i <= pages; i++) {
        page.path("events").forEach(event -> versions.add(event.path("version").asInt()));
        assertThat(page.path("continueFrom").isNull())
            .as("end of page %d", i)
            .isEqualTo(i == pages);
        if (i < pages) {
          page = page(query + from + page.path("continueFrom").asLong());
        }
      }
      assertThat(versions).hasSize(events.replace("D", "").length());
    }
  }

  @ParameterizedTest
  @CsvSource({"application/json", "application/x-ndjson"})
  void anOverloadBeforeTheFirstEventIsAProblem(String type) throws Exception {
    EventStore overloaded =
        (EventStore)
            Proxy.newProxyInstance(
                EventStore.class.getClassLoader(),
                new Class<?>[] {EventStore.class},
                (proxy, method, arguments) ->
                    method.getName().equals("streamEvents")
                        ? Source.failed(new OverloadedException("s", "too much at a time"))
                        : method.invoke(store, arguments));
    HttpResponse response =
        answer(overloaded, HttpRequest.GET("/s").addHeader(RawHeader.create("Accept", type)));
    assertThat(response.status().intValue()).isEqualTo(429);
    response.discardEntityBytes(system);
  }

  @Test
  void linesOfAStreamWithoutEventsAreNone() throws Exception {
    HttpResponse response =
        answer(
            store,
            HttpRequest.GET("/none").addHeader(RawHeader.create("Accept", "application/x-ndjson")));
    assertThat(response.status().intValue()).isEqualTo(200);
    HttpEntity.Strict body =
        Patience.get(response.entity().toStrict(Patience.LIMIT.toMillis(), system));
    assertThat(body.getData().isEmpty()).isTrue();
  }
}
