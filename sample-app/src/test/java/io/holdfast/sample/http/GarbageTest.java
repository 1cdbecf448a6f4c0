// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.testkit.CassandraExtension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is sent, a node answers with what was wrong, in time, and stores nothing by halves.
 * {@code -Dholdfast.test.requests=100000 -Dholdfast.test.seed=2} for more, other random requests.
 */
class GarbageTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final int RANDOM_REQUESTS = Integer.getInteger("holdfast.test.requests", 400);
  private static final int MAX_BODY = 5 << 20;
  private static ApiCluster api;

  @BeforeAll
  static void startNodes() {
    api = ApiCluster.shared(CASSANDRA);
  }

  static Stream<Arguments> bodies() {
    String big = "x".repeat(2 << 20);
    return Stream.of(
        Arguments.of("nothing", bytes(""), 400),
        Arguments.of("no JSON", bytes("{\"type\":"), 400),
        Arguments.of("two values", bytes("{\"type\":\"A\"} {}"), 400),
        Arguments.of("a name twice", bytes("{\"type\":\"A\",\"type\":\"B\"}"), 400),
        Arguments.of("null", bytes("null"), 400),
        Arguments.of("a number", bytes("17"), 400),
        Arguments.of("an array of numbers", bytes("[1]"), 400),
        Arguments.of("no type", bytes("{\"data\":1}"), 400),
        Arguments.of("an empty type", bytes("{\"type\":\"\"}"), 400),
        Arguments.of("a type that is a number", bytes("{\"type\":1}"), 400),
        Arguments.of("an unknown member", bytes("{\"type\":\"A\",\"payload\":1}"), 400),
        Arguments.of("metadata that is text", bytes("{\"type\":\"A\",\"metadata\":\"m\"}"), 400),
        Arguments.of(
            "half a character in the id", bytes("{\"id\":\"\\ud800\",\"type\":\"A\"}"), 400),
        Arguments.of(
            "half a character in data", bytes("{\"type\":\"A\",\"data\":\"\\udfff\"}"), 400),
        Arguments.of(
            "half a character in metadata",
            bytes("{\"type\":\"A\",\"metadata\":{\"\\ud800\":1}}"),
            400),
        Arguments.of("no UTF-8", new byte[] {'"', (byte) 0xC3, '"'}, 400),
        Arguments.of("UTF-16", "{\"type\":\"A\"}".getBytes(StandardCharsets.UTF_16), 400),
        Arguments.of("a control character", bytes("{\"type\":\"A\u0001\"}"), 400),
        Arguments.of("deep nesting", bytes("[".repeat(200_000)), 400),
        Arguments.of(
            "a long number", bytes("{\"type\":\"A\",\"data\":" + "9".repeat(2_000) + "}"), 400),
        Arguments.of("a long type", bytes("{\"type\":\"" + "t".repeat(501) + "\"}"), 400),
        Arguments.of("a large event", bytes("{\"type\":\"A\",\"data\":\"" + big + "\"}"), 400),
        Arguments.of(
            "too many events",
            bytes("[" + "{\"type\":\"A\"},".repeat(5_000) + "{\"type\":\"A\"}]"),
            400),
        Arguments.of(
            "a batch with one wrong",
            bytes("[{\"type\":\"A\"},{\"type\":\"A\"},{\"type\":\"\"}]"),
            400),
        Arguments.of(
            "an id twice",
            bytes("[{\"id\":\"a\",\"type\":\"A\"},{\"id\":\"a\",\"type\":\"A\"}]"),
            400),
        Arguments.of("a body above the limit", new byte[MAX_BODY + 1], 413));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  void refusesBodies(String name, byte[] body, int status) throws IOException {
    String stream = "/api/streams/garbage-" + UUID.randomUUID();

    RawHttp.Answer answer = send("POST " + stream + " HTTP/1.1", "application/json", body);

    checkRefused(answer, status);
    assertThat(api.get(1, stream + "/version").json().path("version").asLong(-1)).isZero();
  }

  static Stream<Arguments> commands() {
    String item = "{\"sku\":\"a\",\"name\":\"n\",\"quantity\":%s,\"unitPrice\":%s}";
    String place =
        "{\"customer\":\"c\",\"items\":[%s],\"shipTo\":{\"name\":\"n\",\"street\":\"s\",\"postcode\":\"p\",\"city\":\"c\"}}";
    String one = item.formatted(1, 1);
    return Stream.of(
        Arguments.of("place", "", 400),
        Arguments.of("place", "{}", 400),
        Arguments.of("place", "[]", 400),
        Arguments.of("place", "null", 400),
        Arguments.of("place", place.formatted("null"), 400),
        Arguments.of("place", place.formatted(""), 422),
        Arguments.of("place", place.formatted(one + "," + one), 422),
        Arguments.of("place", place.formatted(item.formatted(0, 1)), 422),
        Arguments.of("place", place.formatted(item.formatted(-1, 1)), 422),
        Arguments.of("place", place.formatted(item.formatted(1_001, 1)), 422),
        Arguments.of("place", place.formatted(item.formatted(1L << 40, 1)), 400),
        Arguments.of("place", place.formatted(item.formatted("null", 1)), 400),
        Arguments.of("place", place.formatted(item.formatted("\"x\"", 1)), 400),
        Arguments.of("place", place.formatted(item.formatted(1, -1)), 422),
        Arguments.of("place", place.formatted(item.formatted(1, 10_001)), 422),
        Arguments.of("place", place.formatted(one).replace("\"c\",\"items", "1,\"more"), 400),
        Arguments.of("place", place.formatted(one).replace("\"n\"", "\"\\ud800\""), 400),
        Arguments.of(
            "place", place.formatted(one).replace("\"n\"", "\"" + "n".repeat(2 << 20) + "\""), 400),
        Arguments.of("pay", "{\"method\":\"m\"}", 400),
        Arguments.of("pay", "{\"method\":\"m\",\"reference\":\"r\"}", 422),
        Arguments.of("ship", "{\"parcel\":\"p\",\"carrier\":\"c\",\"grams\":1.5e300}", 400),
        Arguments.of("return", "{\"sku\":\"a\",\"quantity\":-1,\"reason\":\"r\"}", 422),
        Arguments.of("deliver", "{}", 404));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void refusesCommands(String command, String body, int status) throws IOException {
    String order = "order-garbage-" + UUID.randomUUID();
    String line = "POST /api/orders/%s/%s HTTP/1.1".formatted(order, command);

    RawHttp.Answer answer = send(line, "application/json", bytes(body));

    checkRefused(answer, status);
    assertThat(api.get(1, "/api/streams/" + order + "/version").json().path("version").asLong(-1))
        .isZero();
  }

  static Stream<Arguments> encodings() throws IOException {
    byte[] batch = bytes("[{\"type\":\"A\"},{\"type\":\"B\"}]");
    byte[] zipped = gzip(batch);
    return Stream.of(
        Arguments.of("gzip", zipped, 415),
        Arguments.of("br", batch, 415),
        Arguments.of("gzip, gzip", gzip(zipped), 415),
        Arguments.of("identity", zipped, 400));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("encodings")
  void refusesEncodings(String encoding, byte[] body, int status) throws IOException {
    String stream = "/api/streams/garbage-" + UUID.randomUUID();

    RawHttp.Answer answer =
        send(
            "POST " + stream + " HTTP/1.1\r\nContent-Encoding: " + encoding,
            "application/json",
            body);

    checkRefused(answer, status);
    assertThat(api.get(1, stream + "/version").json().path("version").asLong(-1)).isZero();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(bytes);
    }
    return zipped.toByteArray();
  }

  @Test
  void refusesAnImportThatIsNoGzipOrHasNoEvent() throws IOException {
    for (String encoding : List.of("", "\r\nContent-Encoding: gzip", "\r\nContent-Encoding: br")) {
      RawHttp.Answer answer =
          send("POST /api/import HTTP/1.1" + encoding, "application/x-ndjson", bytes("garbage"));
      checkRefused(answer, encoding.endsWith("br") ? 415 : 400);
    }
  }

  @Test
  void refusesAnImportThatIsCutOffOrUnpacksToOneEndlessLine() throws IOException {
    byte[] log =
        bytes(
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"subject\":\"cut-off\",\"type\":\"T\"}\n");
    byte[] zipped = gzip(log);
    String line = "POST /api/import HTTP/1.1\r\nContent-Encoding: gzip";

    for (byte[] body : List.of(Arrays.copyOf(zipped, 20), gzip(new byte[64 << 20]))) {
      checkRefused(send(line, "application/x-ndjson", body), 400);
    }
    assertThat(api.get(1, "/api/streams/cut-off/version").json().path("version").asLong(-1))
        .isZero();
  }

  @Test
  void takesWhatIsOddButSound() {
    String path = "/api/streams/odd-" + UUID.randomUUID();
    String odd =
        "{\"type\":\"\\u0000 \u2028\",\"data\":{\"\":1e400,\"n\":-0,\"big\":123456789012345678901234567890.10},"
            + "\"metadata\":{\"e\":1e-300,\"l\":[[],{}],\"\":null}}";

    assertThat(api.post(0, path, odd).status()).isEqualTo(201);
    assertThat(
            api.post(0, path, "{\"type\":\"A\",\"data\":" + "[".repeat(490) + "]".repeat(490) + "}")
                .status())
        .isEqualTo(201);
    assertThat(api.post(0, path, "[]").status()).isEqualTo(200);

    ApiCluster.Answer read = api.get(1, path);
    assertThat(read.status()).isEqualTo(200);
    assertThat(read.json().path("events")).hasSize(2);
    assertThat(read.response().body()).contains("1E+400", "123456789012345678901234567890.10");
  }

  static Stream<Arguments> heads() {
    return Stream.of(
        Arguments.of("GET /api/streams/a?limit=0 HTTP/1.1", 400),
        Arguments.of("GET /api/streams/a?limit=1001 HTTP/1.1", 400),
        Arguments.of("GET /api/streams/a?limit=x HTTP/1.1", 400),
        Arguments.of("GET /api/streams/a?limit=1&limit=2 HTTP/1.1", 400),
        Arguments.of("GET /api/streams/a?unknown=1 HTTP/1.1", 400),
        Arguments.of("GET /api/streams/a?fromVersion=99999999999999999999 HTTP/1.1", 400),
        Arguments.of("GET /api/streams/a?reverse=maybe HTTP/1.1", 400),
        Arguments.of("GET /api/streams/" + "a".repeat(501) + " HTTP/1.1", 400),
        Arguments.of("GET /api/streams/" + "a".repeat(20_000) + " HTTP/1.1", 414),
        Arguments.of("GET /api/streams/%zz HTTP/1.1", 400),
        Arguments.of("GET /api/streams/a?from=%zz HTTP/1.1", 400),
        Arguments.of("GET /api/streams/a\u0001 HTTP/1.1", 400),
        Arguments.of("GET /api/streams?limit=-1 HTTP/1.1", 400),
        Arguments.of("GET /api/events?slices=9-3 HTTP/1.1", 400),
        Arguments.of("GET /api/events?from=yesterday HTTP/1.1", 400),
        Arguments.of("GET /api/events HTTP/1.1\r\nLast-Event-ID: ,,", 400),
        Arguments.of("GET /api/events HTTP/1.1\r\nLast-Event-ID: 0123456789abcdef:2:1.2", 400),
        Arguments.of("GET /api/events?from=0123456789abcdef:2:1.2 HTTP/1.1", 400),
        Arguments.of("GET /api/events HTTP/1.1\r\nLast-Event-ID: 9223372036854775807", 400),
        Arguments.of("GET /api/events?from=1000000:1.2 HTTP/1.1", 400),
        Arguments.of("GET /api/streams/a/events HTTP/1.1\r\nLast-Event-ID: -1", 400),
        Arguments.of("GET /api/streams/a/events HTTP/1.1\r\nLast-Event-ID: 1", 400),
        Arguments.of("GET /api/orders?limit=0 HTTP/1.1", 400),
        Arguments.of("GET /api/orders?limit=501 HTTP/1.1", 400),
        Arguments.of("GET /api/orders?prefix=a HTTP/1.1", 400),
        Arguments.of("GET /api/orders/none HTTP/1.1", 400),
        Arguments.of("GET /api/orders/order-there-is-none HTTP/1.1", 404),
        Arguments.of("GET /api/orders/order-a/state?version=-1 HTTP/1.1", 400),
        Arguments.of("GET /api/cluster/nodes/nobody/metrics HTTP/1.1", 404),
        Arguments.of("GET /openapi.yaml HTTP/1.1\r\nIf-Match: \"1\"", 412),
        Arguments.of("GET /index.html HTTP/1.1\r\nIf-Match: \"1\"", 412),
        Arguments.of("GET /index.html HTTP/1.1\r\nRange: bytes=99999999-", 416),
        Arguments.of("GET /no-such-file HTTP/1.1", 404),
        Arguments.of("PUT /api/streams/a HTTP/1.1", 405),
        Arguments.of("DELETE /api/streams/a HTTP/1.1", 405),
        Arguments.of("PATCH /api/orders HTTP/1.1", 405),
        Arguments.of("BREW /api/streams/a HTTP/1.1", 405),
        Arguments.of("GET /api HTTP/1.1", 404),
        Arguments.of("GET /api/streams/a/b/c HTTP/1.1", 404),
        Arguments.of("GET /../../etc/passwd HTTP/1.1", 404),
        Arguments.of("GET /%2e%2e/application.conf HTTP/1.1", 404),
        Arguments.of("GET /api/streams/a HTTP/1.1\r\nX: " + "x".repeat(20_000), 431),
        Arguments.of(
            "POST /api/streams/a HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 0", 415),
        Arguments.of("POST /api/streams/a HTTP/1.1\r\nIf-Match: 3\r\nContent-Length: 0", 400),
        Arguments.of("POST /api/streams/a HTTP/1.1\r\nIf-Match: W/\"3\"\r\nContent-Length: 0", 400),
        Arguments.of(
            "POST /api/streams/a HTTP/1.1\r\nIf-None-Match: \"3\"\r\nContent-Length: 0", 400),
        Arguments.of("POST /api/streams/a HTTP/1.1\r\nContent-Length: -1", 400),
        Arguments.of("POST /api/streams/a HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2", 400),
        Arguments.of("POST /api/import HTTP/1.1\r\nContent-Length: 0", 415));
  }

  @ParameterizedTest
  @MethodSource("heads")
  void refusesHeads(String head, int status) throws IOException {
    RawHttp.Answer answer = send(head);

    checkRefused(answer, status);
  }

  @Test
  void refusesHeadOfAMissingStreamWithoutABody() throws IOException {
    RawHttp.Answer answer =
        send("HEAD /api/streams/garbage-%s HTTP/1.1".formatted(UUID.randomUUID()));

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.head()).contains("application/problem+json", "ETag: \"0\"");
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void survivesRandomRequests() throws IOException {
    long seed = Long.getLong("holdfast.test.seed", 1);
    Random random = new Random(seed);
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < RANDOM_REQUESTS; i++) {
      byte[] request = new RandomRequest(random).bytes();
      RawHttp.Answer answer = RawHttp.send(api.node(i % 2), request);
      boolean refused = answer.status() >= 400;
      if (answer.status() < 200
          || answer.status() >= 500
          || (refused && !answer.head().contains("application/problem+json"))) {
        wrong.add(
            "request %d: %s%n%s"
                .formatted(i, new String(request, StandardCharsets.ISO_8859_1), answer));
      }
    }
    assertThat(wrong).as("seed %d", seed).isEmpty();
    assertThat(api.get(0, "/api/cluster").status()).isEqualTo(200);
    assertThat(api.get(1, "/api/cluster").status()).isEqualTo(200);
  }

  private static RawHttp.Answer send(String head) throws IOException {
    String whole =
        "%s\r\nHost: h\r\nConnection: close\r\nAuthorization: Bearer %s"
            .formatted(head, ApiCluster.TOKEN);
    return RawHttp.send(api.node(0), RawHttp.request(whole, new byte[0]));
  }

  private static RawHttp.Answer send(String line, String contentType, byte[] body)
      throws IOException {
    String head =
        "%s\r\nHost: h\r\nConnection: close\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: %d"
            .formatted(line, ApiCluster.TOKEN, contentType, body.length);
    return RawHttp.send(api.node(0), RawHttp.request(head, body));
  }

  private static void checkRefused(RawHttp.Answer answer, int status) throws IOException {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    assertThat(answer.head()).contains("application/problem+json");
    JsonNode problem = ApiJson.MAPPER.readTree(answer.body());
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("detail").asText()).isNotBlank();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
