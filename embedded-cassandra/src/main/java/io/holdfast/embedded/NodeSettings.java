// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a node is to be, checked.
 *
 * @param cqlPort 0 for any free port
 * @param storagePort 0 for any free port
 * @param dataFolder null for a temporary one
 * @param javaHome null for the default
 * @param disposable whether it is never started again
 * @param overrides settings of {@code cassandra.yaml} by name, with values in YAML's form
 */
record NodeSettings(
    InetAddress address,
    int cqlPort,
    int storagePort,
    @Nullable Path dataFolder,
    String clusterName,
    String datacenter,
    @Nullable Path javaHome,
    String heap,
    Duration startTimeout,
    CommitLogSync commitLogSync,
    boolean disposable,
    Map<String, String> overrides,
    Ring ring) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,48}");
  private static final Pattern HEAP = Pattern.compile("[1-9][0-9]{0,5}[mMgG]");
  private static final int LEAST_HEAP_MEBIBYTES = 256;

  private static final Pattern SETTING = Pattern.compile("[a-z][a-z0-9_]*");

  /** These decide where a node listens, and are set by other means. */
  private static final Pattern RESERVED =
      Pattern.compile(".*(_address|_port|_interface|_directory|_directories)|seed_provider");

  NodeSettings {
    overrides = Map.copyOf(overrides);
    overrides.forEach(NodeSettings::checkSetting);
    checkPort("cqlPort", cqlPort);
    checkPort("storagePort", storagePort);
    checkName("clusterName", clusterName);
    checkName("datacenter", datacenter);
    if (!HEAP.matcher(heap).matches() || mebibytes(heap) < LEAST_HEAP_MEBIBYTES) {
      throw new IllegalArgumentException(
          "heap \"" + heap + "\" must be a size like 512m or 1g, and at least 256m");
    }
    if (disposable && dataFolder != null) {
      throw new IllegalArgumentException(
          "a disposable node does not keep what it stores, so it takes no dataFolder ("
              + dataFolder
              + "); leave out one of the two");
    }
    if (startTimeout.isNegative() || startTimeout.isZero()) {
      throw new IllegalArgumentException("startTimeout " + startTimeout + " must be positive");
    }
  }

  /** The loopback address of that name; anything else would open the node to the network. */
  static InetAddress loopback(String address) {
    try {
      InetAddress resolved = InetAddress.getByName(address);
      if (resolved instanceof Inet4Address && resolved.isLoopbackAddress()) {
        return resolved;
      }
    } catch (UnknownHostException unknown) {
      // Refused below.
    }
    throw new IllegalArgumentException(
        "address \""
            + address
            + "\" is refused: the embedded node has no authentication, so it binds to an IPv4"
            + " loopback address only (127.0.0.1 to 127.255.255.254)");
  }

  int heapMebibytes() {
    return mebibytes(heap);
  }

  private static int mebibytes(String heap) {
    int number = Integer.parseInt(heap.substring(0, heap.length() - 1));
    return heap.toLowerCase(Locale.ROOT).endsWith("g") ? number * 1024 : number;
  }

  private static void checkSetting(String name, String value) {
    if (!SETTING.matcher(name).matches() || RESERVED.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "setting \""
              + name
              + "\" must be the name of a setting of cassandra.yaml, and none of an address, a port or a folder");
    }
    if (value.isBlank() || value.contains("\n")) {
      throw new IllegalArgumentException(
          "the value of setting " + name + " must be one line, not \"" + value + "\"");
    }
  }

  private static void checkPort(String what, int port) {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException(
          what + " " + port + " must be 0 (any free port) or between 1 and 65535");
    }
  }

  private static void checkName(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          what + " \"" + name + "\" must be 1 to 48 letters, digits, underscores or hyphens");
    }
  }
}
