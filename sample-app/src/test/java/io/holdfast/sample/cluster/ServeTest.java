// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.sample.DemoMain;
import io.holdfast.sample.common.Json;
import io.holdfast.testkit.CassandraExtension;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./demo serve} as a process, and its end. */
class ServeTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final Pattern NODE = Pattern.compile("(?m)^Node \\d +(http://\\S+)");
  private static final int STREAMS = 20;
  private static final String EVENT = "{\"type\":\"A\"}";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private Path folder;

  @Test
  void nodesLeaveWhenToldToAndEndWithTheProcessThatStartedThemHoweverItDies()
      throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Process serve =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-Dholdfast.demo.log=" + folder.resolve("demo.log"),
                "-cp",
                System.getProperty("java.class.path"),
                DemoMain.class.getName(),
                "serve",
                "--nodes=2",
                "--http-port=0",
                "--contact-points=%s:%d"
                    .formatted(
                        CASSANDRA.contactPoint().getHostString(),
                        CASSANDRA.contactPoint().getPort()),
                "--local-datacenter=" + CASSANDRA.localDatacenter(),
                "--keyspace=" + CASSANDRA.newKeyspaceName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      await().until(() -> !serve.isAlive() || Files.readString(output).contains("Open "));
      List<ProcessHandle> nodes = serve.descendants().toList();
      assertThat(nodes).as(Files.readString(output)).hasSize(2);
      letTheSecondLeave(Files.readString(output));
      await().until(() -> nodes.stream().filter(ProcessHandle::isAlive).count() == 1);

      serve.destroyForcibly();

      await().until(() -> nodes.stream().noneMatch(ProcessHandle::isAlive));
    } finally {
      serve.descendants().forEach(ProcessHandle::destroyForcibly);
      serve.destroyForcibly();
    }
  }

  /** Its streams go on at the first. */
  private static void letTheSecondLeave(String output) throws IOException, InterruptedException {
    List<String> nodes = NODE.matcher(output).results().map(result -> result.group(1)).toList();
    for (int i = 0; i < STREAMS; i++) {
      assertThat(post(nodes.get(i % 2) + "/api/streams/s-" + i, EVENT)).isEqualTo(201);
    }
    String second = Json.MAPPER.readTree(get(nodes.get(1) + "/api/cluster")).path("self").asText();
    String path = "/api/cluster/nodes/" + URLEncoder.encode(second, StandardCharsets.UTF_8);
    // A node that takes longer than two seconds to answer the other one is told of as 503: ask
    // again.
    await().until(() -> get(nodes.get(0) + path + "/metrics").contains("appendsPerSecond"));

    await().until(() -> post(nodes.get(0) + path + "/stop", "{\"how\":\"leave\"}") != 503);

    await()
        .until(
            () ->
                Json.MAPPER.readTree(get(nodes.get(0) + "/api/cluster")).path("members").size()
                    == 1);
    for (int i = 0; i < STREAMS; i++) {
      String stream = nodes.get(0) + "/api/streams/s-" + i;
      assertThat(post(stream, EVENT)).isEqualTo(201);
      assertThat(get(stream + "/version")).contains("\"version\":2");
    }
  }

  private static int post(String uri, String json) throws IOException, InterruptedException {
    return HTTP.send(
            HttpRequest.newBuilder(URI.create(uri))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private static String get(String uri) throws IOException, InterruptedException {
    return HTTP.send(
            HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
