// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded.child;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The main class of the node's JVM. Public only because a JVM's main class has to be; nobody else
 * calls it.
 *
 * <p>It ties the node's life to that of its parent, takes the lock of the data folder and then
 * hands over to Cassandra.
 */
public final class NodeMain {

  /** System property: the pid of the JVM that started this one. */
  public static final String PARENT_PID = "holdfast.child.parent-pid";

  /** System property: the file whose lock says that a node runs on its folder. */
  public static final String LOCK_FILE = "holdfast.child.lock-file";

  /** The exit status if another node runs on the data folder. */
  public static final int FOLDER_IN_USE = 97;

  /** The line on standard input that asks the node to drain and to end. */
  public static final String STOP = "stop";

  /** A node whose parent was killed a moment ago may still be on its way out. */
  private static final long LOCK_WAIT_MILLIS = 15_000;

  private NodeMain() {}

  public static void main(String[] arguments) throws Exception {
    new ParentWatch(Long.parseLong(System.getProperty(PARENT_PID))).start();
    FileLock lock = lockFolder(Path.of(System.getProperty(LOCK_FILE)));
    if (lock == null) {
      System.err.println("Another node runs on this data folder.");
      Runtime.getRuntime().halt(FOLDER_IN_USE);
    }
    Class.forName("org.apache.cassandra.service.CassandraDaemon")
        .getMethod("main", String[].class)
        .invoke(null, (Object) arguments);
  }

  /** The lock lives as long as this JVM: nobody closes the channel. */
  private static FileLock lockFolder(Path file) throws IOException, InterruptedException {
    @SuppressWarnings("resource")
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    long deadline = System.nanoTime() + LOCK_WAIT_MILLIS * 1_000_000;
    FileLock lock = channel.tryLock();
    while (lock == null && System.nanoTime() < deadline) {
      Thread.sleep(100);
      lock = channel.tryLock();
    }
    return lock;
  }
}
