// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import io.holdfast.embedded.child.NodeMain;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The command line of a node. */
final class NodeCommand {

  private NodeCommand() {}

  static List<String> of(
      JavaInstallation java, List<Path> jars, NodeFolder folder, NodeSettings settings)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(java.executable().toString());
    command.addAll(options("jvm.options"));
    command.addAll(options("jvm" + java.feature() + ".options"));
    // Grows as needed: most nodes of tests never need their whole heap.
    command.add("-Xms" + settings.heapMebibytes() / 4 + "m");
    command.add("-Xmx" + settings.heap());
    if (settings.disposable()) {
      command.addAll(options("jvm-disposable.options"));
    }
    command.addAll(agent(jars));
    command.addAll(properties(folder, settings));
    command.add("-cp");
    command.add(classPath(jars, folder));
    command.add(NodeMain.class.getName());
    return command;
  }

  private static List<String> options(String resource) throws IOException {
    return ConfigFiles.resource(resource)
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("-"))
        .toList();
  }

  /** Cassandra measures its memtables with this agent. */
  private static List<String> agent(List<Path> jars) {
    return jars.stream()
        .filter(jar -> String.valueOf(jar.getFileName()).startsWith("jamm-"))
        .map(jar -> "-javaagent:" + jar)
        .toList();
  }

  private static List<String> properties(NodeFolder folder, NodeSettings settings) {
    int nodes = settings.ring().nodes();
    return List.of(
        "-D" + NodeMain.PARENT_PID + "=" + ProcessHandle.current().pid(),
        "-D" + NodeMain.LOCK_FILE + "=" + folder.file("node.lock"),
        "-Djava.io.tmpdir=" + folder.file("tmp"),
        "-Dlogback.configurationFile=" + folder.file("conf", "logback.xml").toUri(),
        "-Dcassandra.config=" + folder.file("conf", "cassandra.yaml").toUri(),
        "-Dcassandra-rackdc.properties="
            + folder.file("conf", "cassandra-rackdc.properties").toUri(),
        "-Dcassandra.storagedir=" + folder.path(),
        "-Dcassandra.logdir=" + folder.file("logs"),
        // Alone, there is nobody to wait for.
        "-Dcassandra.ring_delay_ms=" + (nodes == 1 ? 0 : 5_000),
        "-Dcassandra.shutdown_announce_in_ms=" + (nodes == 1 ? 0 : 1_000),
        // The least copies of Cassandra's own tables that every cluster can hold.
        "-Dcassandra.system_distributed.default_rf=" + Math.min(3, nodes),
        "-Dcassandra.system_traces.default_rf=" + Math.min(2, nodes));
  }

  private static String classPath(List<Path> jars, NodeFolder folder) {
    return Stream.concat(Stream.of(folder.file("child"), folder.file("conf")), jars.stream())
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }
}
