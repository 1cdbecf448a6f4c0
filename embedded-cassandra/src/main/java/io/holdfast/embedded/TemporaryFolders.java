// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The temporary folders of nodes. A JVM that is killed cannot delete its own; the next one does it.
 */
final class TemporaryFolders {

  private static final Logger log = LoggerFactory.getLogger(TemporaryFolders.class);
  private static final String PREFIX = "holdfast-cassandra-";

  /** Leaves time between the creation of a folder and that of its lock. */
  private static final Duration LEAST_AGE = Duration.ofMinutes(10);

  private TemporaryFolders() {}

  static Path create() throws IOException {
    Path parent = Path.of(System.getProperty("java.io.tmpdir")).toRealPath();
    deleteAbandoned(parent);
    return Files.createTempDirectory(parent, PREFIX);
  }

  private static void deleteAbandoned(Path parent) {
    Instant young = Instant.now().minus(LEAST_AGE);
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path folder : folders) {
        if (Files.getLastModifiedTime(folder).toInstant().isBefore(young)) {
          NodeFolder.openAbandoned(folder).ifPresent(NodeFolder::close);
        }
      }
    } catch (IOException e) {
      log.debug("Cannot look for abandoned folders in {}", parent, e);
    }
  }
}
