// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import io.holdfast.embedded.EmbeddedCassandraException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cassandra's jars as files, unpacked once a user and kept under the hash of their content.
 *
 * <p>A folder comes into being by a rename of a complete one, so that two JVMs may unpack at once
 * and one that is killed leaves nothing that looks whole. Every JVM checks size and hash of all
 * jars before their first use, and replaces a folder that is damaged.
 */
final class DistributionCache {

  static final String PROPERTY = "holdfast.cassandra.cache";

  private static final Logger log = LoggerFactory.getLogger(DistributionCache.class);

  private final Path root;
  private final Distribution distribution;

  DistributionCache(Path root, Distribution distribution) {
    this.root = root;
    this.distribution = distribution;
  }

  /** The jars of the node, checked; unpacks them if need be. Blocks for a second or two then. */
  List<Path> jars() {
    Path folder = root.resolve(distribution.key());
    try {
      if (!isComplete(folder)) {
        unpack(folder);
      }
    } catch (IOException e) {
      throw new EmbeddedCassandraException(
          Reason.FILES,
          "Cannot unpack Cassandra's jars (60 MB) to "
              + folder
              + ": "
              + e
              + ". Name another folder with -D"
              + PROPERTY
              + "=<folder>.",
          e);
    }
    return distribution.entries().stream().map(entry -> folder.resolve(entry.name())).toList();
  }

  private void unpack(Path folder) throws IOException {
    Files.createDirectories(root);
    Path fresh = Files.createTempDirectory(root, ".unpack-");
    try {
      for (Distribution.Entry entry : distribution.entries()) {
        unpack(entry, fresh.resolve(entry.name()));
      }
      publish(fresh, folder);
      log.info("Unpacked Cassandra to {}", folder);
    } finally {
      FileTree.delete(fresh);
    }
  }

  private static void unpack(Distribution.Entry entry, Path file) throws IOException {
    MessageDigest digest = Distribution.sha256();
    try (InputStream in = entry.open();
        OutputStream out = new DigestOutputStream(Files.newOutputStream(file), digest)) {
      in.transferTo(out);
    }
    if (!HexFormat.of().formatHex(digest.digest()).equals(entry.sha256())) {
      throw new IOException(
          entry.name() + " is damaged in holdfast-cassandra-distribution; download that jar again");
    }
  }

  private void publish(Path fresh, Path folder) throws IOException {
    for (int attempt = 0; ; attempt++) {
      try {
        Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
        return;
      } catch (IOException occupied) {
        if (isComplete(folder)) {
          return; // Another JVM was faster.
        }
        if (attempt == 3) {
          throw occupied;
        }
        setAside(folder);
      }
    }
  }

  private void setAside(Path damaged) throws IOException {
    Path grave = Files.createTempDirectory(root, ".damaged-");
    try {
      Files.move(damaged, grave.resolve("folder"), StandardCopyOption.ATOMIC_MOVE);
      log.warn("Replaced damaged files of Cassandra in {}", damaged);
    } catch (IOException gone) {
      log.debug("Another JVM replaced {} at the same time", damaged, gone);
    } finally {
      FileTree.delete(grave);
    }
  }

  private boolean isComplete(Path folder) {
    return distribution.entries().parallelStream().allMatch(entry -> isIntact(folder, entry));
  }

  private static boolean isIntact(Path folder, Distribution.Entry entry) {
    Path file = folder.resolve(entry.name());
    MessageDigest digest = Distribution.sha256();
    try {
      if (!Files.isRegularFile(file) || Files.size(file) != entry.size()) {
        return false;
      }
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
    } catch (IOException | UncheckedIOException unreadable) {
      return false;
    }
    return HexFormat.of().formatHex(digest.digest()).equals(entry.sha256());
  }
}
