// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import io.holdfast.embedded.child.NodeMain;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes what a node reads at its start: configuration, and the few classes of ours it runs. */
final class ConfigFiles {

  private static final List<String> CHILD_CLASSES =
      List.of("NodeMain", "ParentWatch", "ParentDeathSignal");

  private ConfigFiles() {}

  static void write(NodeFolder folder, NodeSettings settings, Ports ports) throws IOException {
    for (String directory : List.of("conf", "logs", "child")) {
      Files.createDirectories(folder.file(directory));
    }
    // What a killed node left there: native libraries, some megabytes each time.
    FileTree.delete(folder.file("tmp"));
    Files.createDirectories(folder.file("tmp"));

    Files.writeString(folder.file("conf", "cassandra.yaml"), yaml(folder, settings, ports));
    Files.writeString(
        folder.file("conf", "cassandra-rackdc.properties"),
        "dc=" + settings.datacenter() + "\nrack=rack1\n");
    Files.writeString(folder.file("conf", "logback.xml"), resource("logback.xml"));
    writeChildClasses(folder.file("child"));
  }

  static String resource(String name) throws IOException {
    try (InputStream in = open(ConfigFiles.class, name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String yaml(NodeFolder folder, NodeSettings settings, Ports ports)
      throws IOException {
    int heap = settings.heapMebibytes();
    Map<String, String> values =
        Map.of(
            "clusterName", settings.clusterName(),
            "initialToken", "initial_token: '" + settings.ring().token() + "'",
            "address", settings.address().getHostAddress(),
            "storagePort", Integer.toString(ports.storage()),
            "cqlPort", Integer.toString(ports.cql()),
            "seeds", settings.ring().seed().getHostAddress() + ":" + ports.storage(),
            "folder", folder.path().toString().replace("'", "''"),
            "commitLogSync", settings.commitLogSync().yaml(),
            "memtableMebibytes", Integer.toString(Math.min(128, heap / 8)),
            "inFlightMebibytes", Integer.toString(Math.max(32, heap / 8)));
    String text = resource("cassandra.yaml");
    for (Map.Entry<String, String> value : values.entrySet()) {
      text = text.replace("${" + value.getKey() + "}", value.getValue());
    }
    for (Map.Entry<String, String> setting : settings.overrides().entrySet()) {
      text = withSetting(text, setting.getKey(), setting.getValue());
    }
    return text;
  }

  private static String withSetting(String yaml, String name, String value) {
    String line = name + ": " + value;
    Matcher before = Pattern.compile("(?m)^" + name + ":.*$").matcher(yaml);
    return before.find()
        ? before.replaceFirst(Matcher.quoteReplacement(line))
        : yaml + "\n" + line + "\n";
  }

  /** Only these: a node must not see the class path of its parent. */
  private static void writeChildClasses(Path directory) throws IOException {
    String name = NodeMain.class.getPackageName().replace('.', '/');
    Path target = Files.createDirectories(directory.resolve(name));
    for (String childClass : CHILD_CLASSES) {
      try (InputStream in = open(NodeMain.class, childClass + ".class")) {
        Files.write(target.resolve(childClass + ".class"), in.readAllBytes());
      }
    }
  }

  private static InputStream open(Class<?> neighbour, String name) throws IOException {
    InputStream in = neighbour.getResourceAsStream(name);
    if (in == null) {
      throw new IOException("No resource " + name + " beside " + neighbour);
    }
    return in;
  }
}
