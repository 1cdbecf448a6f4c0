// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import com.typesafe.config.Config;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;

/**
 * How a node serves HTTP: {@code holdfast.sample.http}, see application.conf.
 *
 * @param token that every call of the API must carry; empty for none
 * @param maxBytesInFlight of bodies held at a time
 * @param demoMode whether the API may stop nodes
 */
public record HttpSettings(
    String host,
    int port,
    String advertisedAddress,
    String token,
    long maxBodyBytes,
    long maxImportBytes,
    long maxBytesInFlight,
    Duration bodyTimeout,
    boolean demoMode) {

  public static HttpSettings of(Config config) {
    Config sample = config.getConfig("holdfast.sample");
    Config http = sample.getConfig("http");
    return new HttpSettings(
        http.getString("host"),
        http.getInt("port"),
        http.getString("advertised-address"),
        http.getString("token"),
        http.getBytes("max-body-bytes"),
        http.getBytes("max-import-bytes"),
        http.getBytes("max-bytes-in-flight"),
        http.getDuration("body-timeout"),
        sample.getBoolean("demo-mode"));
  }

  /** Where others reach the node that listens there. */
  public URI address(InetSocketAddress bound) {
    return URI.create(
        advertisedAddress.isEmpty()
            ? "http://%s:%d".formatted(host, bound.getPort())
            : advertisedAddress);
  }
}
