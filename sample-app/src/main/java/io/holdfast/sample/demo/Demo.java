// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.holdfast.sample.cloudevents.EventLimits;
import io.holdfast.sample.common.CassandraAccess;
import io.holdfast.sample.common.Console;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * The demo from beginning to end: read the log, start, append, read back, compare, show, report.
 */
final class Demo {
  private final Console console;
  private final DemoOptions options;

  Demo(Console console, DemoOptions options) {
    this.console = console;
    this.options = options;
  }

  /**
   * Runs it.
   *
   * @return whether all that is stored is as the log has it
   * @throws RefusedInputException if the log cannot be used; nothing was started then
   */
  boolean run() throws RefusedInputException, TimeoutException, InterruptedException {
    Config config = ConfigFactory.load("demo");
    EventLog log = new LogInput(console, options, EventLimits.of(config)).read();
    try (CassandraAccess cassandra = options.cassandra().open(console);
        DemoCluster cluster = startCluster(cassandra, config)) {
      return run(log, cluster);
    }
  }

  private DemoCluster startCluster(CassandraAccess cassandra, Config config)
      throws TimeoutException, InterruptedException {
    Config nodeConfig =
        ConfigFactory.parseMap(Map.of("holdfast.cassandra.keyspace", options.keyspace()))
            .withFallback(cassandra.driverConfig())
            .withFallback(config);
    console.begin("Cluster     starting %s ... ", Console.count(options.nodes(), "node"));
    long startNanos = System.nanoTime();
    DemoCluster cluster = DemoCluster.start(nodeConfig, options.nodes());
    try {
      cluster.awaitStores();
    } catch (RuntimeException | TimeoutException | InterruptedException e) {
      cluster.close();
      throw e;
    }
    console.line(
        "ports %s, after %.1f s",
        cluster.ports().stream().map(String::valueOf).collect(Collectors.joining(", ")),
        secondsSince(startNanos));
    return cluster;
  }

  private boolean run(EventLog log, DemoCluster cluster)
      throws TimeoutException, InterruptedException {
    console.emptyLine();
    LogAppender.Result appended;
    try (Progress progress = Progress.start(console, "Appending", log.eventCount(), "events")) {
      appended = new LogAppender(cluster, options.clients()).append(log, progress);
    }
    LogVerifier.Result verified;
    try (Progress progress =
        Progress.start(console, "Comparing", log.streams().size(), "streams")) {
      verified = new LogVerifier(cluster).verify(log, progress);
    }
    String streamId = "demo-" + UUID.randomUUID().toString().substring(0, 8);
    console.emptyLine();
    console.line("The five operations on the new stream '%s':", streamId);
    boolean asExpected = new FiveOperations(console, cluster.store(0), streamId).show();
    console.emptyLine();
    new Report(console, log, appended, verified).print(cluster.size(), options.clients());
    return asExpected && verified.differences().isEmpty();
  }

  private static double secondsSince(long startNanos) {
    return (System.nanoTime() - startNanos) / 1e9;
  }
}
