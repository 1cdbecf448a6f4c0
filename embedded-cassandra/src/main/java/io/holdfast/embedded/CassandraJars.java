// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where this JVM's nodes take Cassandra's jars from: looked up and checked once. */
final class CassandraJars {

  private static @Nullable List<Path> jars;

  private CassandraJars() {}

  static synchronized List<Path> get() {
    List<Path> checked = jars;
    if (checked == null) {
      checked = new DistributionCache(root(), Distribution.load()).jars();
      jars = checked;
    }
    return checked;
  }

  private static Path root() {
    String chosen = System.getProperty(DistributionCache.PROPERTY);
    if (chosen != null && !chosen.isBlank()) {
      return Path.of(chosen.strip()).toAbsolutePath();
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path caches =
        xdg != null && !xdg.isBlank()
            ? Path.of(xdg)
            : Path.of(System.getProperty("user.home"), ".cache");
    Path root = caches.resolve("holdfast").resolve("cassandra").toAbsolutePath();
    return isWritable(root) ? root : temporaryRoot();
  }

  private static boolean isWritable(Path folder) {
    try {
      return Files.isWritable(Files.createDirectories(folder));
    } catch (IOException readOnly) {
      return false;
    }
  }

  private static Path temporaryRoot() {
    return Path.of(
        System.getProperty("java.io.tmpdir"),
        "holdfast-cassandra-jars-" + System.getProperty("user.name"));
  }
}
