// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The parent that {@link ParentDeathTest} ends: starts a node on each address, writes their pids to
 * a file, and then either waits to be killed or returns from main.
 */
final class ParentMain {

  private ParentMain() {}

  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[0]);
    boolean waits = Boolean.parseBoolean(arguments[1]);
    List<EmbeddedCassandra> nodes = new ArrayList<>();
    // From a thread that ends: the nodes must not end with it.
    Thread starter =
        new Thread(
            () -> {
              for (String address : List.of(arguments).subList(2, arguments.length)) {
                nodes.add(
                    EmbeddedCassandra.builder().address(address).heap("512m").disposable().start());
              }
            });
    starter.start();
    starter.join();

    Path fresh = file.resolveSibling("fresh");
    Files.writeString(
        fresh,
        nodes.stream().map(node -> Long.toString(node.pid())).collect(Collectors.joining("\n")));
    Files.move(fresh, file);
    if (waits) {
      Thread.currentThread().join();
    }
  }
}
