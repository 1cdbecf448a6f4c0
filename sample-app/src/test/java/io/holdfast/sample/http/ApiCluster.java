// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.sample.cluster.LocalCluster;
import io.holdfast.test.Patience;
import io.holdfast.testkit.CassandraExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Two nodes, each a process, for all tests of the API in this JVM; they end with it. The nodes ask
 * for {@link #TOKEN}.
 */
public final class ApiCluster {
  public static final String TOKEN = "a token for tests";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static @Nullable ApiCluster shared;

  private final LocalCluster cluster;
  private final List<URI> addresses;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private ApiCluster(LocalCluster cluster, List<URI> addresses) {
    this.cluster = cluster;
    this.addresses = addresses;
  }

  public static synchronized ApiCluster shared(CassandraExtension cassandra) {
    ApiCluster running = shared;
    if (running == null) {
      running = start(cassandra);
      shared = running;
    }
    return running;
  }

  private static ApiCluster start(CassandraExtension cassandra) {
    String contactPoint =
        "%s:%d"
            .formatted(
                cassandra.contactPoint().getHostString(), cassandra.contactPoint().getPort());
    LocalCluster cluster =
        LocalCluster.start(
            new LocalCluster.Settings(
                2,
                0,
                contactPoint,
                cassandra.localDatacenter(),
                cassandra.newKeyspaceName(),
                TOKEN));
    try {
      return new ApiCluster(cluster, cluster.awaitReady());
    } catch (TimeoutException | RuntimeException e) {
      cluster.close();
      throw new IllegalStateException("the nodes did not start", e);
    } catch (InterruptedException e) {
      cluster.close();
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** An answer with its JSON, if it has any. */
  public record Answer(int status, HttpResponse<String> response) {
    public JsonNode json() {
      try {
        return JSON.readTree(response.body());
      } catch (IOException e) {
        throw new UncheckedIOException("no JSON: " + response.body(), e);
      }
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  public URI node(int index) {
    return addresses.get(index);
  }

  LocalCluster processes() {
    return cluster;
  }

  HttpClient http() {
    return http;
  }

  /** A request with the token. */
  HttpRequest.Builder request(int node, String path) {
    return HttpRequest.newBuilder(node(node).resolve(path))
        .timeout(Patience.LIMIT)
        .header("Authorization", "Bearer " + TOKEN);
  }

  Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public Answer get(int node, String path) {
    return send(request(node, path));
  }

  /** Sends JSON, with further headers: a name, its value, and so on. */
  public Answer post(int node, String path, String json, String... headers) {
    HttpRequest.Builder request =
        request(node, path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json));
    return send(headers.length == 0 ? request : request.headers(headers));
  }
}
