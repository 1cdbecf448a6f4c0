// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded.child;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Ends this JVM when its parent ends, however that happens.
 *
 * <p>Two ties, as neither is enough. The parent holds the other end of our standard input, which
 * the operating system closes when the parent dies: that works everywhere, but not while this
 * process is stopped. On Linux the kernel is also asked to kill us (see {@link ParentDeathSignal}):
 * that works on a stopped process too. The kernel forgets the request when the thread that made it
 * ends, so it is this thread, which never does.
 */
final class ParentWatch extends Thread {

  private static final int PARENT_DIED = 98;

  private final long parentPid;

  ParentWatch(long parentPid) {
    super("holdfast-parent-watch");
    this.parentPid = parentPid;
    setDaemon(true);
  }

  @Override
  public void run() {
    ParentDeathSignal.request();
    // The parent may have died before the request, and nobody would tell us.
    if (ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L) != parentPid) {
      Runtime.getRuntime().halt(PARENT_DIED);
    }
    try (BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        if (line.equals(NodeMain.STOP)) {
          // Cassandra drains in a shutdown hook. Not on this thread: exit does not return.
          new Thread(() -> System.exit(0), "holdfast-stop").start();
        }
      }
    } catch (IOException lost) {
      // As good as the end of the stream.
    }
    Runtime.getRuntime().halt(PARENT_DIED);
  }
}
