// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.embedded.EmbeddedCassandra;
import io.holdfast.sample.cluster.LocalCluster;
import io.holdfast.test.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A thousand slow readers of four streams of large events, pages, subscriptions and the feed, at one
 * node of 384 MB, with a Cassandra of 1 GiB.
 */
@Tag("exhaustive")
class SlowReadersTest {
  private static final int STREAMS = 4;
  private static final int EVENTS = 60;
  private static final int READERS = 1_000;

  /** What each reader takes at a time, and how often. */
  private static final int TAKEN_BYTES = 2_048;

  private static final int ROUNDS = 600;
  private static final Duration ROUND = Duration.ofMillis(100);

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static final class Reader {
    private final SocketChannel channel;
    private String status = "waiting";
    private long bytes;

    Reader(URI node, String path) throws IOException {
      channel = SocketChannel.open();
      channel.setOption(StandardSocketOptions.SO_RCVBUF, 8_192);
      channel.connect(new InetSocketAddress(node.getHost(), node.getPort()));
      channel.write(
          ByteBuffer.wrap("GET %s HTTP/1.1\r\nHost: test\r\n\r\n".formatted(path).getBytes(UTF_8)));
      channel.configureBlocking(false);
    }

    void take() throws IOException {
      ByteBuffer buffer = ByteBuffer.allocate(TAKEN_BYTES);
      int read = channel.isOpen() ? channel.read(buffer) : 0;
      if (read < 0) {
        status = status + ", ended";
        channel.close();
      } else if (read > 0 && bytes == 0) {
        status = new String(buffer.array(), 0, read, UTF_8).lines().findFirst().orElse("");
      }
      bytes += Math.max(0, read);
    }
  }

  @Test
  void aNodeAndCassandraLiveWhateverIsReadAtATime() throws Exception {
    try (EmbeddedCassandra cassandra = EmbeddedCassandra.builder().heap("1g").start();
        LocalCluster cluster =
            LocalCluster.start(
                new LocalCluster.Settings(
                    1,
                    0,
                    "%s:%d"
                        .formatted(
                            cassandra.contactPoint().getHostString(),
                            cassandra.contactPoint().getPort()),
                    cassandra.datacenter(),
                    null,
                    null))) {
      URI node = cluster.awaitReady().get(0);
      String event = "{\"type\":\"Large\",\"data\":\"%s\"}".formatted("x".repeat(1_000_000));
      for (int i = 0; i < STREAMS * EVENTS; i++) {
        assertThat(post(node, "/api/streams/large-" + i % STREAMS, event)).isEqualTo(201);
      }
      readAtOnce(node);
      readSlowly(node);
      assertThat(cluster.nodes().get(0).isAlive()).isTrue();
      assertThat(cassandra.isRunning()).isTrue();
      // All are gone: whatever they held is free again.
      for (int i = 0; i < STREAMS; i++) {
        assertThat(get(node, "/api/streams/large-%d?limit=60".formatted(i))).isEqualTo(200);
      }
    }
  }

  /** Four pages at a time, as they come. */
  private static void readAtOnce(URI node) {
    List<Integer> answers =
        IntStream.range(0, STREAMS)
            .parallel()
            .mapToObj(i -> get(node, "/api/streams/large-%d?limit=60".formatted(i)))
            .toList();
    assertThat(answers).allMatch(status -> status == 200);
  }

  private static void readSlowly(URI node) throws Exception {
    List<Reader> readers = new ArrayList<>();
    Executor nextRound = CompletableFuture.delayedExecutor(ROUND.toMillis(), TimeUnit.MILLISECONDS);
    try {
      for (int i = 0; i < READERS; i++) {
        readers.add(new Reader(node, path(i)));
      }
      for (int round = 0; round < ROUNDS; round++) {
        for (Reader reader : readers) {
          reader.take();
        }
        if (round % 100 == 99) {
          report(readers);
          assertThat(post(node, "/api/streams/small", "{\"type\":\"Small\"}")).isEqualTo(201);
        }
        CompletableFuture.runAsync(() -> {}, nextRound).join();
      }
      assertThat(readers).noneMatch(reader -> reader.status.startsWith("waiting"));
      assertThat(readers)
          .allMatch(reader -> reader.status.contains(" 200 ") || reader.status.contains(" 429 "));
    } finally {
      for (Reader reader : readers) {
        reader.channel.close();
      }
    }
  }

  private static String path(int reader) {
    String stream = "/api/streams/large-" + reader % STREAMS;
    return switch (reader / STREAMS % 3) {
      case 0 -> stream + "?limit=60";
      case 1 -> stream + "/events";
      default -> "/api/events?from=beginning";
    };
  }

  private static void report(List<Reader> readers) {
    Map<String, Long> byStatus = new TreeMap<>();
    readers.forEach(reader -> byStatus.merge(reader.status, 1L, Long::sum));
    System.out.printf(
        "%s, %,d bytes%n", byStatus, readers.stream().mapToLong(reader -> reader.bytes).sum());
  }

  private static int post(URI node, String path, String json) {
    return send(
        HttpRequest.newBuilder(node.resolve(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  private static int get(URI node, String path) {
    return send(HttpRequest.newBuilder(node.resolve(path)));
  }

  private static int send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.timeout(Patience.LIMIT).build(), BodyHandlers.ofString())
          .statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
