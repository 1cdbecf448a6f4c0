// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.typesafe.config.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The contact points of the driver's section. The driver leaves out those that it does not
 * understand or cannot resolve, and without any goes to 127.0.0.1:9042 instead: it would say that
 * Cassandra is not there, where nobody wanted it to look.
 */
final class ContactPoints {
  private static final String PATH = "basic.contact-points";
  private static final Pattern HOST_AND_PORT = Pattern.compile("(.+):([0-9]{1,5})");

  private static final int TRIED = 3;
  private static final int CONNECT_MILLIS = 500;

  private final List<String> points;
  private final boolean resolved;

  ContactPoints(Config driver) {
    this.points = driver.hasPath(PATH) ? driver.getStringList(PATH) : List.of("127.0.0.1:9042");
    this.resolved = driver.getBoolean("advanced.resolve-contact-points");
  }

  /**
   * Looks up host names, as the driver does; blocks.
   *
   * @throws IllegalArgumentException if one is malformed
   * @throws UncheckedIOException if there is no address for any of them
   */
  void check() {
    UnknownHostException unknown = null;
    boolean found = !resolved;
    for (String point : points) {
      Matcher matcher = HOST_AND_PORT.matcher(point);
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "datastax-java-driver.%s has '%s': must be a host and a port, as in '%s:9042'"
                .formatted(PATH, point, point.replaceAll(":.*", "")));
      }
      if (resolved) {
        try {
          InetAddress.getAllByName(matcher.group(1));
          found = true;
        } catch (UnknownHostException e) {
          unknown = e;
        }
      }
    }
    if (!found && unknown != null) {
      throw new UncheckedIOException(
          "no contact point has a known host: " + unknown.getMessage(), unknown);
    }
  }

  /**
   * What a failure to open a session comes from. Of a connection that is refused or not answered,
   * the driver says that a channel is closed; so it is tried here. Blocks.
   */
  String explain(Throwable failure) {
    List<String> unreachable = new ArrayList<>();
    if (failure instanceof AllNodesFailedException) {
      points.stream().limit(TRIED).forEach(point -> connect(point, unreachable));
    }
    return unreachable.isEmpty() ? failure.toString() : unreachable + ", " + failure;
  }

  private static void connect(String point, List<String> unreachable) {
    Matcher matcher = HOST_AND_PORT.matcher(point);
    if (!matcher.matches()) {
      return;
    }
    try (Socket socket = new Socket()) {
      int port = Integer.parseInt(matcher.group(2));
      socket.connect(new InetSocketAddress(matcher.group(1), port), CONNECT_MILLIS);
    } catch (IOException | IllegalArgumentException e) {
      unreachable.add(point + ": " + e.getMessage());
    }
  }

  @Override
  public String toString() {
    return points.toString();
  }
}
