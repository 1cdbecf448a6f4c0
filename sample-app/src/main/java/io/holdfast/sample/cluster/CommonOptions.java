// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.cluster;

import io.holdfast.sample.common.Usage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What {@code serve} and {@code node} are both asked. */
final class CommonOptions {
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

  @Nullable Integer httpPort() {
    return httpPort;
  }

  @Nullable String token() {
    return token;
  }

  void check(@Nullable CommandSpec spec) {
    Usage.check(
        spec,
        httpPort == null || (httpPort >= 0 && httpPort <= MAX_PORT),
        "--http-port is %d; it must be 0 to %d".formatted(httpPort, MAX_PORT));
  }
}
