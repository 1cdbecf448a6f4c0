// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.cluster;

import io.holdfast.sample.common.CassandraAccess;
import io.holdfast.sample.common.Console;
import java.net.URI;
import java.nio.file.Path;
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

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "3",
      description = "Nodes of the cluster (default: ${DEFAULT-VALUE}).")
  private int size;

  @Option(
      names = "--data-folder",
      paramLabel = "DIR",
      description =
          "Keep the data of the embedded Cassandra here, and find it again in the next run.")
  private @Nullable Path dataFolder;

  public ServeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    if (spec != null) {
      check(spec);
    }
    try (CassandraAccess cassandra = startCassandra();
        LocalCluster cluster = LocalCluster.start(settings(cassandra))) {
      Thread atTheEnd = new Thread(cluster::close, "stop-nodes");
      Runtime.getRuntime().addShutdownHook(atTheEnd);
      announce(cluster, cassandra).join();
      console.line("All nodes have ended.");
      return ENDED;
    }
  }

  private void check(CommandSpec command) {
    common.check(command);
    CommonOptions.check(
        command,
        size >= 1 && size <= MAX_NODES,
        "--nodes is %d; it must be 1 to %d".formatted(size, MAX_NODES));
    CommonOptions.check(
        command,
        common.contactPoints() == null || dataFolder == null,
        "--data-folder is for the embedded Cassandra, not for --contact-points");
  }

  private CassandraAccess startCassandra() {
    long startNanos = System.nanoTime();
    console.begin("Cassandra   ");
    CassandraAccess cassandra =
        CassandraAccess.open(common.contactPoints(), common.localDatacenter(), dataFolder);
    console.line("%s, after %.1f s", cassandra.describe(), secondsSince(startNanos));
    return cassandra;
  }

  private LocalCluster.Settings settings(CassandraAccess cassandra) {
    Integer port = common.httpPort();
    String token = common.token();
    return LocalCluster.Settings.of(size, port == null ? DEFAULT_HTTP_PORT : port, cassandra)
        .withKeyspace(common.keyspace())
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
        "One more    ./demo node --seed-nodes %s --contact-points %s --local-datacenter %s --port 0 --http-port 0 --management-port 0",
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
