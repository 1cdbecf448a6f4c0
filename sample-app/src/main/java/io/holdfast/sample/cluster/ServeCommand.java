// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.cluster;

import io.holdfast.sample.common.CassandraAccess;
import io.holdfast.sample.common.CassandraOptions;
import io.holdfast.sample.common.Console;
import io.holdfast.sample.common.Usage;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A Cassandra and a cluster of node processes, until Ctrl-C. */
@Command(
    name = "serve",
    description = {
      "Starts a Cassandra and a cluster of nodes, each a process of its own that serves the API and the page. Ctrl-C ends all of it.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = false)
public final class ServeCommand implements Callable<Integer> {
  private static final int MAX_NODES = 9;
  private static final int DEFAULT_HTTP_PORT = 8080;
  private static final int ENDED = 1;

  private final Console console;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private CassandraOptions.OrEmbedded cassandraOptions = new CassandraOptions.OrEmbedded();

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "3",
      description = "Nodes of the cluster (default: ${DEFAULT-VALUE}).")
  private int size;

  public ServeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    check();
    try (CassandraAccess cassandra = cassandraOptions.open(console);
        LocalCluster cluster = LocalCluster.start(settings(cassandra))) {
      Thread atTheEnd = new Thread(cluster::close, "stop-nodes");
      Runtime.getRuntime().addShutdownHook(atTheEnd);
      announce(cluster, cassandra).join();
      console.line("All nodes have ended.");
      return ENDED;
    }
  }

  private void check() {
    common.check(spec);
    cassandraOptions.check(spec);
    Usage.check(
        spec,
        size >= 1 && size <= MAX_NODES,
        "--nodes is %d; it must be 1 to %d".formatted(size, MAX_NODES));
  }

  private LocalCluster.Settings settings(CassandraAccess cassandra) {
    Integer port = common.httpPort();
    String token = common.token();
    return LocalCluster.Settings.of(size, port == null ? DEFAULT_HTTP_PORT : port, cassandra)
        .withKeyspace(cassandraOptions.keyspace())
        .withToken(token == null ? System.getenv("HOLDFAST_TOKEN") : token);
  }

  /** Says where everything is; completes when all nodes have ended. */
  private CompletableFuture<Void> announce(LocalCluster cluster, CassandraAccess cassandra)
      throws InterruptedException, TimeoutException {
    long startNanos = System.nanoTime();
    console.begin("Cluster     starting %s ... ", Console.count(size, "node"));
    List<URI> addresses = cluster.awaitReady();
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    console.line("up after %.1f s", secondsSince(startNanos));
    for (int i = 0; i < addresses.size(); i++) {
      NodeProcess node = cluster.nodes().get(i);
      console.line("Node %d      %s   (process %d)", i + 1, addresses.get(i), node.pid());
      int number = i + 1;
      CompletableFuture<Void> said =
          node.onExit().thenAccept(ended -> console.line("Node %d      has ended", number));
      ends.add(said);
    }
    console.line(
        "One more    ./demo node --seed-nodes %s --contact-points %s --local-datacenter %s --port 0 --http-port 0 --management-port 0 --demo-mode",
        cluster.seedNodes(),
        String.join(",", cassandra.contactPoints()),
        cassandra.localDatacenter());
    console.line("Open        %s in a browser; Ctrl-C ends all of it.", addresses.get(0));
    return CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new));
  }

  private static double secondsSince(long startNanos) {
    return (System.nanoTime() - startNanos) / 1e9;
  }
}
