// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import io.holdfast.embedded.EmbeddedCassandraException.Reason;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one node, owned from {@link #open} to {@link #close}.
 *
 * <p>Two locks guard it. Ours, {@code owner.lock}, is held by the JVM that describes the node, also
 * while the node is stopped. The node's own, {@code node.lock}, is held by the child, which may
 * outlive a killed parent by a moment. Closing any channel of a file gives up all locks that a
 * process has on it (POSIX), so the folders of this JVM are also kept in a set, and looked up there
 * before a lock file is touched.
 */
final class NodeFolder implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(NodeFolder.class);
  private static final Set<Path> OWNED = ConcurrentHashMap.newKeySet();
  private static final String OWNER_LOCK = "owner.lock";
  private static final String PORTS = "ports.properties";

  private final Path path;
  private final boolean temporary;
  private final FileChannel lock;

  private NodeFolder(Path path, boolean temporary, FileChannel lock) {
    this.path = path;
    this.temporary = temporary;
    this.lock = lock;
  }

  /** Takes the folder, or a new temporary one for null. */
  static NodeFolder open(@Nullable Path chosen) {
    try {
      if (chosen == null) {
        Path folder = TemporaryFolders.create();
        return own(folder, true).orElseThrow();
      }
      Path folder = Files.createDirectories(chosen.toAbsolutePath()).toRealPath();
      return own(folder, false).orElseThrow(() -> inUse(folder));
    } catch (IOException e) {
      throw new EmbeddedCassandraException(
          Reason.FILES,
          "Cannot use the data folder " + (chosen == null ? "(temporary)" : chosen) + ": " + e,
          e);
    }
  }

  /** Takes a folder that a dead JVM left behind, in order to delete it. */
  static Optional<NodeFolder> openAbandoned(Path folder) throws IOException {
    return Files.exists(folder.resolve(OWNER_LOCK)) ? own(folder, true) : Optional.empty();
  }

  private static Optional<NodeFolder> own(Path folder, boolean temporary) throws IOException {
    if (!OWNED.add(folder)) {
      return Optional.empty();
    }
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              folder.resolve(OWNER_LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return Optional.of(new NodeFolder(folder, temporary, channel));
      }
      channel.close();
      OWNED.remove(folder);
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      if (channel != null) {
        channel.close();
      }
      OWNED.remove(folder);
      throw e;
    }
  }

  static EmbeddedCassandraException inUse(Path folder) {
    return new EmbeddedCassandraException(
        Reason.FOLDER_IN_USE,
        "The data folder "
            + folder
            + " is in use by another node. Close that one first, or choose another folder.");
  }

  Path path() {
    return path;
  }

  boolean isTemporary() {
    return temporary;
  }

  Path file(String first, String... more) {
    return path.resolve(Path.of(first, more));
  }

  Path log() {
    return file("logs", "system.log");
  }

  Path output() {
    return file("logs", "output.log");
  }

  /** The ports this folder's node had last; restarted nodes find their peers at the old ports. */
  Optional<Ports> rememberedPorts() {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file(PORTS))) {
      properties.load(reader);
      return Optional.of(
          new Ports(
              Integer.parseInt(properties.getProperty("cql", "")),
              Integer.parseInt(properties.getProperty("storage", ""))));
    } catch (IOException | NumberFormatException none) {
      return Optional.empty();
    }
  }

  void rememberPorts(Ports ports) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("cql", Integer.toString(ports.cql()));
    properties.setProperty("storage", Integer.toString(ports.storage()));
    try (Writer writer = Files.newBufferedWriter(file(PORTS))) {
      properties.store(writer, null);
    }
  }

  /** Gives the folder up; a temporary one is deleted. The node must have ended. */
  @Override
  public void close() {
    try {
      if (temporary) {
        FileTree.delete(path);
      }
    } catch (IOException e) {
      log.warn("Cannot delete the temporary folder {} of an embedded Cassandra", path, e);
    }
    try {
      lock.close();
    } catch (IOException e) {
      log.warn("Cannot unlock the folder {} of an embedded Cassandra", path, e);
    } finally {
      OWNED.remove(path);
    }
  }
}
