// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.sample.http.ApiCluster.Answer;
import io.holdfast.testkit.CassandraExtension;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The API of a cluster of processes, on a real Cassandra. */
class ApiTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static ApiCluster api;

  private final String id = "stream-" + UUID.randomUUID();
  private final String path = "/api/streams/" + id;

  @BeforeAll
  static void startNodes() {
    api = ApiCluster.shared(CASSANDRA);
  }

  @Test
  void appendsOnOneNodeAndReadsOnAnother() {
    Answer appended =
        api.post(
            0,
            path,
            """
            {"id":"e1","type":"Opened","data":{"amount":1.50},"metadata":{"userId":"ada","more":[1,{"a":null}]}}""");

    assertThat(appended.status()).isEqualTo(201);
    assertThat(appended.header("ETag")).isEqualTo("\"1\"");
    JsonNode read = api.get(1, path).json();
    assertThat(read.path("currentVersion").asLong()).isEqualTo(1);
    assertThat(api.get(1, path).response().body()).contains("\"data\":{\"amount\":1.50}");
    assertThat(read.path("events").get(0).path("metadata"))
        .hasToString("{\"userId\":\"ada\",\"more\":[1,{\"a\":null}]}");
    assertThat(api.get(1, path + "/version").json().path("version").asLong()).isEqualTo(1);
    assertThat(api.get(1, path + "/exists").json().path("exists").asBoolean()).isTrue();
    assertThat(api.get(1, path + "no/exists").json().path("exists").asBoolean()).isFalse();
  }

  @Test
  void refusesAStaleVersionAndWritesNothing() {
    String event = "{\"type\":\"A\",\"data\":1}";
    assertThat(api.post(0, path, event, "If-None-Match", "*").status()).isEqualTo(201);

    Answer conflict = api.post(1, path, event, "If-Match", "\"0\"");

    assertThat(conflict.status()).isEqualTo(412);
    assertThat(conflict.header("Content-Type")).startsWith("application/problem+json");
    assertThat(conflict.json().path("expectedVersion").asLong(-1)).isZero();
    assertThat(conflict.json().path("actualVersion").asLong()).isEqualTo(1);
    assertThat(conflict.json().path("outcome").asText()).isEqualTo("conflict");
    assertThat(api.post(1, path, event, "If-None-Match", "*").status()).isEqualTo(412);
    assertThat(api.post(1, path + "-none", event, "If-Match", "*").status()).isEqualTo(412);
    assertThat(api.get(0, path + "/version").json().path("version").asLong()).isEqualTo(1);
    assertThat(api.post(1, path, event, "If-Match", "\"1\"").status()).isEqualTo(201);
  }

  @Test
  void answersARepeatedRequestWithTheSameEvents() {
    String batch = "[{\"id\":\"x\",\"type\":\"A\",\"data\":1},{\"id\":\"y\",\"type\":\"A\"}]";
    Answer first = api.post(0, path, batch);

    Answer second = api.post(1, path, batch);

    assertThat(first.status()).isEqualTo(201);
    assertThat(first.json().path("repeated").asBoolean()).isFalse();
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.json().path("repeated").asBoolean()).isTrue();
    assertThat(second.json().path("events")).isEqualTo(first.json().path("events"));
    Answer other = api.post(1, path, "{\"id\":\"x\",\"type\":\"B\"}");
    assertThat(other.status()).isEqualTo(409);
    assertThat(api.get(0, path + "/version").json().path("version").asLong()).isEqualTo(2);
  }

  @Test
  void readsPagesBackwardsAndLines() throws IOException {
    StringBuilder batch = new StringBuilder("[");
    for (int i = 1; i <= 250; i++) {
      batch.append(i == 1 ? "" : ",").append("{\"type\":\"A\",\"data\":").append(i).append('}');
    }
    assertThat(api.post(0, path, batch.append(']').toString()).status()).isEqualTo(201);

    JsonNode page = api.get(1, path + "?fromVersion=20&limit=150").json();
    assertThat(page.path("events")).hasSize(150);
    assertThat(page.path("continueFrom").asLong()).isEqualTo(170);
    JsonNode last = api.get(1, path + "?reverse=true&limit=2").json();
    assertThat(last.path("events").get(0).path("version").asLong()).isEqualTo(250);
    assertThat(last.path("continueFrom").asLong()).isEqualTo(248);
    Answer lines = api.send(api.request(1, path).header("Accept", "application/x-ndjson"));
    assertThat(lines.response().body().lines()).hasSize(250);
  }

  @Test
  void resumesLiveEventsWhereTheClientLeft() throws Exception {
    api.post(0, path, "[{\"type\":\"A\",\"data\":1},{\"type\":\"A\",\"data\":2}]");

    List<String> seen = new ArrayList<>();
    try (BufferedReader live = live(1, path + "/events", "1")) {
      seen.add(nextId(live));
      api.post(0, path, "{\"type\":\"A\",\"data\":3}");
      seen.add(nextId(live));
    }

    assertThat(seen).containsExactly("2", "3");
  }

  @Test
  void resumesTheFeedAtAnOffset() throws Exception {
    String category = "c" + UUID.randomUUID().toString().replace("-", "");
    String stream = "/api/streams/" + category + "-1";
    String feed = "/api/events?category=" + category;
    api.post(0, stream, "{\"type\":\"A\",\"data\":1}");
    String offset;
    try (BufferedReader live = live(0, feed, "")) {
      offset = nextId(live);
    }

    api.post(1, stream, "{\"type\":\"A\",\"data\":2}");

    try (BufferedReader live = live(1, feed, offset)) {
      String data = next(live, "data:");
      assertThat(data).contains("\"version\":2");
    }
  }

  @Test
  void listsAllStreamsInPages() {
    Set<String> wanted = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      wanted.add(id + "-" + i);
      api.post(i % 2, path + "-" + i, "{\"type\":\"A\"}");
    }

    Set<String> found = new HashSet<>();
    String after = "";
    do {
      JsonNode page = api.get(0, "/api/streams?limit=2&prefix=" + id + "&after=" + after).json();
      assertThat(page.path("streams").size()).isLessThanOrEqualTo(2);
      page.path("streams").forEach(stream -> found.add(stream.path("streamId").asText()));
      after = page.path("next").asText("");
    } while (!after.isEmpty() && !after.equals("null"));

    assertThat(found).isEqualTo(wanted);
  }

  @Test
  void importsALogOnceAndExportsItAgain() throws IOException {
    StringBuilder log = new StringBuilder();
    for (int i = 0; i < 1_200; i++) {
      log.append(
          """
          {"specversion":"1.0","id":"i%d","source":"test","subject":"%s-%d","type":"T","time":"2026-01-05T08:00:00Z","userid":"ada","data":{"n":%d}}
          """
              .formatted(i, id, i % 7, i));
    }
    byte[] gzip = gzip(log + "broken\n");

    JsonNode first = importLog(0, gzip);
    JsonNode second = importLog(1, gzip);

    assertThat(first.path("appended").asInt()).as(first.toString()).isEqualTo(1_200);
    assertThat(first.path("failed").asInt()).isEqualTo(1);
    assertThat(first.path("failures").get(0).asText()).startsWith("line 1201: no JSON");
    assertThat(second.path("appended").asInt()).as(second.toString()).isZero();
    assertThat(second.path("repeated").asInt()).isEqualTo(1_200);
    String exported = api.get(1, "/api/export?prefix=" + id).response().body();
    assertThat(exported.lines().map(ApiTest::withoutSpaces))
        .containsExactlyInAnyOrderElementsOf(
            log.toString().lines().map(ApiTest::withoutSpaces).toList());
  }

  @Test
  void takesOrdersThroughTheirLife() {
    String order = "order-" + UUID.randomUUID();
    String orders = "/api/orders/" + order;
    String place =
        """
        {"customer":"ada","items":[{"sku":"b","name":"Book","quantity":2,"unitPrice":3000}],
         "shipTo":{"name":"Ada","street":"S","postcode":"1","city":"C"}}""";
    assertThat(api.post(0, orders + "/place", place).status()).isEqualTo(201);

    Answer refused =
        api.post(1, orders + "/ship", "{\"parcel\":\"p\",\"carrier\":\"c\",\"grams\":1}");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().path("detail").asText()).contains("PLACED", "must be PAID");
    assertThat(api.post(1, orders + "/pay", "{\"method\":\"card\"}").status()).isEqualTo(400);
    for (String[] command :
        new String[][] {
          {"pay", "{\"method\":\"card\",\"reference\":\"r\"}"},
          {"pick", "{\"sku\":\"b\",\"shelf\":\"s\"}"},
          {"ship", "{\"parcel\":\"p\",\"carrier\":\"c\",\"grams\":1}"},
          {"return", "{\"sku\":\"b\",\"quantity\":2,\"reason\":\"too long\"}"}
        }) {
      assertThat(api.post(1, orders + "/" + command[0], command[1]).status())
          .as(command[0])
          .isEqualTo(201);
    }

    JsonNode paid = api.get(0, orders + "/state?version=2").json();
    assertThat(paid.path("state").path("status").asText()).isEqualTo("PAID");
    await()
        .untilAsserted(
            () -> {
              Answer row = api.get(0, orders);
              assertThat(row.status()).isEqualTo(200);
              assertThat(row.json().path("state").path("status").asText()).isEqualTo("RETURNED");
              assertThat(row.json().path("state").path("refunded").asInt()).isEqualTo(6_000);
            });
    assertThat(api.get(1, "/api/orders?limit=500").response().body()).contains(order);
  }

  @Test
  void tellsWhatIsNoOrder() {
    String order = "order-" + UUID.randomUUID();
    api.post(0, "/api/streams/" + order, "{\"type\":\"Other\",\"data\":1}");

    assertThat(api.get(0, "/api/orders/" + order + "/state").status()).isEqualTo(422);
    Answer pay =
        api.post(0, "/api/orders/" + order + "/pay", "{\"method\":\"c\",\"reference\":\"r\"}");
    assertThat(pay.status()).isEqualTo(422);
    assertThat(api.get(0, "/api/orders/none").status()).isEqualTo(400);
  }

  /** Anybody can append to an order's stream, also what its events cannot be. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OrderPaid      | {}",
        "OrderPaid      | {\"nonsense\":true}",
        "OrderPaid      | {\"amount\":null,\"currency\":\"EUR\",\"method\":\"m\",\"reference\":\"r\"}",
        "OrderPaid      | {\"amount\":1e99,\"currency\":\"EUR\",\"method\":\"m\",\"reference\":\"r\"}",
        "OrderPlaced    | null",
        "OrderPlaced    | {\"customer\":\"c\",\"items\":[null],\"shipping\":0,\"total\":0,\"currency\":\"EUR\",\"shipTo\":{}}",
        "OrderShipped   | {\"parcel\":null,\"carrier\":\"c\",\"grams\":1}",
        "ItemReturned   | []",
      })
  void saysWhichEventOfAnOrderCannotBeRead(String type, String data) {
    String order = "order-" + UUID.randomUUID();
    String event = "{\"type\":\"%s\",\"data\":%s}".formatted(type, data);
    assertThat(api.post(0, "/api/streams/" + order, event).status()).isEqualTo(201);

    Answer state = api.get(0, "/api/orders/" + order + "/state");
    Answer pay =
        api.post(1, "/api/orders/" + order + "/pay", "{\"method\":\"c\",\"reference\":\"r\"}");

    for (Answer answer : List.of(state, pay)) {
      assertThat(answer.status()).as(answer::toString).isEqualTo(422);
      assertThat(answer.json().path("outcome").asText()).isEqualTo("rejected");
      assertThat(answer.json().path("streamId").asText()).isEqualTo(order);
      assertThat(answer.json().path("detail").asText()).isNotBlank();
    }
    assertThat(api.get(0, "/api/streams/" + order).json().path("events")).hasSize(1);
  }

  @Test
  void knowsItsMembersAndWhoHasAStream() {
    api.post(0, path, "{\"type\":\"A\"}");

    await()
        .untilAsserted(
            () -> {
              JsonNode cluster = api.get(1, "/api/cluster").json();
              List<String> addresses = new ArrayList<>();
              cluster
                  .path("members")
                  .forEach(member -> addresses.add(member.path("httpAddress").asText()));
              assertThat(addresses)
                  .containsExactlyInAnyOrder(api.node(0).toString(), api.node(1).toString());
            });
    JsonNode owner = api.get(1, "/api/cluster/streams/" + id).json();
    assertThat(owner.path("node").asText()).startsWith("pekko://holdfast@127.0.0.1:");
    assertThat(api.post(0, "/api/cluster/nodes/nobody/stop", "{\"how\":\"kill\"}").status())
        .isEqualTo(404);
  }

  @Test
  void asksForItsTokenButNotForThePage() {
    for (String authorization : List.of("Bearer wrong", "Basic abc", ApiCluster.TOKEN)) {
      Answer refused =
          api.send(
              HttpRequest.newBuilder(api.node(0).resolve(path))
                  .header("Authorization", authorization));
      assertThat(refused.status()).as(authorization).isEqualTo(401);
      assertThat(refused.header("WWW-Authenticate")).isEqualTo("Bearer");
    }
    assertThat(api.send(HttpRequest.newBuilder(api.node(0).resolve("/openapi.yaml"))).status())
        .isEqualTo(200);
  }

  private static JsonNode importLog(int node, byte[] gzip) throws IOException {
    Answer answer =
        api.send(
            api.request(node, "/api/import")
                .header("Content-Type", "application/x-ndjson")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(gzip)));
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    List<String> lines = answer.response().body().lines().toList();
    assertThat(lines).hasSizeGreaterThan(2);
    return ApiJson.MAPPER.readTree(lines.get(lines.size() - 1));
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static JsonNode withoutSpaces(String line) {
    try {
      return ApiJson.MAPPER.readTree(line);
    } catch (IOException e) {
      throw new IllegalArgumentException(line, e);
    }
  }

  private static BufferedReader live(int node, String path, String lastEventId) throws Exception {
    HttpRequest.Builder request = api.request(node, path).header("Accept", "text/event-stream");
    if (!lastEventId.isEmpty()) {
      request.header("Last-Event-ID", lastEventId);
    }
    InputStream body = api.http().send(request.build(), BodyHandlers.ofInputStream()).body();
    return new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
  }

  private static String nextId(BufferedReader live) throws IOException {
    return next(live, "id:");
  }

  private static String next(BufferedReader live, String field) throws IOException {
    for (String line = live.readLine(); line != null; line = live.readLine()) {
      if (line.startsWith(field)) {
        return line.substring(field.length()).strip();
      }
    }
    throw new IOException("the events have ended");
  }
}
