// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** A request that is somewhat like a right one, with this and that wrong. */
final class RandomRequest {
  private static final List<String> METHODS =
      List.of("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "get", "X");
  private static final List<String> PATHS =
      List.of(
          "/api/streams",
          "/api/streams/random-1",
          "/api/streams/random-1/version",
          "/api/streams/random-1/events",
          "/api/streams/random-1/exists",
          "/api/events",
          "/api/import",
          "/api/export",
          "/api/orders",
          "/api/orders/order-random",
          "/api/orders/order-random/state",
          "/api/orders/order-random/place",
          "/api/orders/order-random/pay",
          "/api/cluster",
          "/api/cluster/streams/random-1",
          "/api/cluster/metrics",
          "/api/cluster/nodes/x/stop",
          "/api/cluster/nodes/x/metrics",
          "/api/orders/order-random/return",
          "/",
          "/index.html",
          "/openapi.yaml");
  private static final List<String> PARAMETERS =
      List.of(
          "limit",
          "fromVersion",
          "toVersion",
          "reverse",
          "prefix",
          "after",
          "from",
          "version",
          "%00",
          "slices");
  private static final List<String> HEADERS =
      List.of(
          "If-Match",
          "If-None-Match",
          "Accept",
          "Content-Encoding",
          "Last-Event-ID",
          "Range",
          "Transfer-Encoding",
          "Expect",
          "X-Odd",
          "Cookie",
          "Accept-Encoding",
          "Origin");
  private static final List<String> VALUES =
      List.of(
          "*",
          "\"1\"",
          "\"-1\"",
          "0",
          "-1",
          "true",
          "application/json",
          "application/x-ndjson",
          "text/event-stream",
          "gzip",
          "chunked",
          "100-continue",
          "bytes=0-1",
          "now",
          "beginning",
          "\u00ff",
          "",
          "%",
          "a,b;c=\"",
          "9223372036854775807");
  private static final List<String> BODIES =
      List.of(
          "",
          "{}",
          "[]",
          "{\"type\":\"A\"}",
          "[{\"type\":\"A\"},{\"type\":2}]",
          "{\"how\":\"kill\"}",
          "{\"type\":\"A\",\"data\":{\"a\":[1,2.5,null]},\"metadata\":{\"userId\":\"u\"}}",
          "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"subject\":\"random-2\",\"type\":\"T\"}\n",
          "{\"customer\":\"c\",\"items\":[],\"shipTo\":{}}",
          "{\"method\":\"m\",\"reference\":null}");

  private final Random random;

  RandomRequest(Random random) {
    this.random = random;
  }

  byte[] bytes() {
    byte[] body = mangled(any(BODIES).getBytes(StandardCharsets.UTF_8));
    StringBuilder head = new StringBuilder();
    head.append(chance(70) ? any(METHODS.subList(0, 2)) : any(METHODS)).append(' ').append(path());
    head.append(" HTTP/1.1\r\nHost: h\r\nConnection: close");
    if (chance(90)) {
      head.append("\r\nAuthorization: Bearer ").append(ApiCluster.TOKEN);
    }
    if (chance(85)) {
      head.append("\r\nContent-Type: ")
          .append(chance(70) ? "application/json" : any(VALUES.subList(6, 9)));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      head.append("\r\n").append(any(HEADERS)).append(": ").append(any(VALUES));
    }
    head.append("\r\nContent-Length: ").append(body.length);
    return RawHttp.request(head.toString(), body);
  }

  private String path() {
    StringBuilder path = new StringBuilder(any(PATHS));
    while (chance(20)) {
      path.insert(
          random.nextInt(path.length() + 1),
          any(List.of("%2F", "/", "%00", "%", "..", "%ff", "\u00e9", "?", "#")));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      path.append(path.indexOf("?") < 0 ? '?' : '&').append(any(PARAMETERS));
      path.append('=').append(any(VALUES).replace(' ', '+').replace("\"", "%22"));
    }
    return path.charAt(0) == '/' ? path.toString() : "/" + path;
  }

  private byte[] mangled(byte[] body) {
    byte[] bytes = body.clone();
    if (chance(40) && bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }
}
