// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.cluster;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What {@code serve} and {@code node} are both asked. */
final class CommonOptions {
  private static final Pattern KEYSPACE = Pattern.compile("[a-z][a-z0-9_]{0,47}");
  private static final Pattern CONTACT_POINTS =
      Pattern.compile("[^,:\\s]+:\\d{1,5}(,[^,:\\s]+:\\d{1,5})*");
  private static final int MAX_PORT = 65_535;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      description = "Port of the (first) node's API and page; 0 for any free one (default: 8080).")
  private @Nullable Integer httpPort;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description =
          "Ask for this bearer token with every API call. Better in the environment: HOLDFAST_TOKEN.")
  private @Nullable String token;

  @Option(
      names = "--keyspace",
      paramLabel = "NAME",
      description = "Keyspace of the tables (default: holdfast).")
  private @Nullable String keyspace;

  @Option(
      names = "--contact-points",
      paramLabel = "HOST:PORT[,...]",
      description = "Use this Cassandra.")
  private @Nullable String contactPoints;

  @Option(
      names = "--local-datacenter",
      paramLabel = "NAME",
      defaultValue = "datacenter1",
      description = "Data center of --contact-points (default: ${DEFAULT-VALUE}).")
  private String localDatacenter = "";

  @Nullable Integer httpPort() {
    return httpPort;
  }

  @Nullable String token() {
    return token;
  }

  @Nullable String keyspace() {
    return keyspace;
  }

  @Nullable String contactPoints() {
    return contactPoints;
  }

  String localDatacenter() {
    return localDatacenter;
  }

  void check(CommandSpec spec) {
    check(
        spec,
        httpPort == null || (httpPort >= 0 && httpPort <= MAX_PORT),
        "--http-port is %d; it must be 0 to %d".formatted(httpPort, MAX_PORT));
    check(
        spec,
        contactPoints == null || CONTACT_POINTS.matcher(contactPoints).matches(),
        "--contact-points '%s' is not HOST:PORT, or several with commas between"
            .formatted(contactPoints));
    check(
        spec,
        keyspace == null || KEYSPACE.matcher(keyspace).matches(),
        "--keyspace '%s' is not 1 to 48 characters of a-z, 0-9 and _, the first a letter"
            .formatted(keyspace));
  }

  static void check(CommandSpec spec, boolean right, String message) {
    if (!right) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
