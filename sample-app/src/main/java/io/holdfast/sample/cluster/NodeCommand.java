// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.cluster;

import com.typesafe.config.Config;
import io.holdfast.sample.common.CassandraOptions;
import io.holdfast.sample.common.Console;
import io.holdfast.sample.common.Usage;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** One node in this process, until it is ended. */
@Command(
    name = "node",
    description = {"Starts one node, which joins a cluster and serves the API and the page.", ""},
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = false,
    footer = {
      "",
      "Examples:",
      "  ./demo node --seed-nodes 127.0.0.1:25520 --contact-points 127.0.0.1:9042 --port 0 --http-port 0 --management-port 0",
      "    one more node of what ./demo serve has started; serve prints these addresses"
    })
public final class NodeCommand implements Callable<Integer> {
  private static final Duration UP_TIMEOUT = Duration.ofMinutes(5);

  private final Console console;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private CassandraOptions cassandra = new CassandraOptions();
  @Mixin private NodeOptions options = new NodeOptions();

  /** Set by {@code serve}: the node ends with the process that started it. */
  @Option(names = "--child", hidden = true)
  private boolean child;

  public NodeCommand(Console console) {
    this.console = console;
  }

  private void checkJoins(Config config) {
    Usage.check(
        spec,
        !config.getStringList("pekko.cluster.seed-nodes").isEmpty()
            || config.getBoolean("holdfast.sample.cluster-bootstrap"),
        "Which cluster to join is not said: name --seed-nodes (this node's own address begins a new one), or turn"
            + " holdfast.sample.cluster-bootstrap on");
  }

  @Override
  public Integer call() throws Exception {
    common.check(spec);
    cassandra.check(spec);
    if (child) {
      ParentWatch.start();
    }
    Config config = options.config(common, cassandra);
    checkJoins(config);
    Node node = Node.start(config);
    try {
      node.awaitUp(UP_TIMEOUT);
    } catch (Exception e) {
      node.system().terminate();
      throw e;
    }
    if (child) {
      console.line("%s", NodeProcess.READY + node.httpAddress());
    } else {
      console.line("Node        %s", node.address());
      console.line("API, page   %s", node.httpAddress());
      console.line("Health      %s/ready and /alive", node.managementAddress());
    }
    node.system().getWhenTerminated().toCompletableFuture().join();
    return 0;
  }
}
