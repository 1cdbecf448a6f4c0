// SPDX-License-Identifier: Apache-2.0
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Writes {@code index.txt} beside the nested jars: one line a jar, with SHA-256, size in bytes and name.
 * The build runs this file as it is; it is no part of the jar.
 */
public final class WriteIndex {

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    List<Path> jars;
    try (var files = Files.list(directory.resolve("lib"))) {
      jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
    List<String> lines = new ArrayList<>();
    for (Path jar : jars) {
      byte[] bytes = Files.readAllBytes(jar);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      lines.add(HexFormat.of().formatHex(hash) + " " + bytes.length + " " + jar.getFileName());
    }
    Files.writeString(directory.resolve("index.txt"), String.join("\n", lines) + "\n");
  }
}
