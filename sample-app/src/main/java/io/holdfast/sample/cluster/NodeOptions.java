// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import io.holdfast.sample.common.CassandraAccess;
import io.holdfast.sample.common.CassandraOptions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a node; what is not given stays as the configuration has it. */
final class NodeOptions {
  @Option(
      names = "--seed-nodes",
      paramLabel = "HOST:PORT[,...]",
      description =
          "Remoting addresses of nodes to join; the first of them may begin a new cluster. Without, the configuration decides.")
  private @Nullable String seedNodes;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port for the other nodes; 0 for any free one (default: 17355).")
  private @Nullable Integer remotingPort;

  @Option(
      names = "--management-port",
      paramLabel = "PORT",
      description = "Port for /ready and /alive; 0 for any free one (default: 7626).")
  private @Nullable Integer managementPort;

  @Option(
      names = "--demo-mode",
      description = "Let the API stop nodes, as ./demo serve does. Not for production.")
  private boolean demoMode;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "A file of configuration, before all else (default: $HOLDFAST_CONFIG). Let it include classpath(\"application.conf\").")
  private @Nullable Path file;

  /** The configuration with these options, and those that a node shares with {@code serve}. */
  Config config(CommonOptions common, CassandraOptions cassandra) {
    Map<String, Object> given = new HashMap<>();
    put(given, "pekko.remote.artery.canonical.port", remotingPort);
    put(given, "pekko.management.http.port", freeIfZero(managementPort));
    put(given, "holdfast.sample.http.port", common.httpPort());
    put(given, "holdfast.sample.http.token", common.token());
    put(given, "holdfast.cassandra.keyspace", cassandra.keyspace());
    if (demoMode) {
      given.put("holdfast.sample.demo-mode", true);
    }
    if (seedNodes != null) {
      given.put("pekko.cluster.seed-nodes", seeds(seedNodes));
    }
    Config options = ConfigFactory.parseMap(given, "the command line");
    CassandraAccess named = cassandra.named();
    if (named != null) {
      options = options.withFallback(named.driverConfig());
    }
    return ConfigFactory.load(options.withFallback(fromFile()));
  }

  private static List<String> seeds(String text) {
    return Arrays.stream(text.split(","))
        .map(address -> "pekko://%s@%s".formatted(Node.SYSTEM_NAME, address))
        .toList();
  }

  private Config fromFile() {
    Path path =
        Stream.of(file == null ? "" : file.toString(), env("HOLDFAST_CONFIG"))
            .filter(name -> !name.isEmpty())
            .findFirst()
            .map(Path::of)
            .orElse(null);
    return path == null
        ? ConfigFactory.parseResourcesAnySyntax("application")
        : ConfigFactory.parseFile(
            path.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
  }

  private static String env(String name) {
    String value = System.getenv(name);
    return value == null ? "" : value;
  }

  private static @Nullable Integer freeIfZero(@Nullable Integer port) {
    return port != null && port == 0 ? Integer.valueOf(FreePorts.take(1).get(0)) : port;
  }

  private static void put(Map<String, Object> given, String path, @Nullable Object value) {
    if (value != null) {
      given.put(path, value);
    }
  }
}
