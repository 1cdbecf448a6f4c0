// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.run;

import io.holdfast.test.TcpRelay;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;

/**
 * All that goes from one process to another. Held, nothing passes: what was sent meanwhile arrives
 * when it is mended, as after a network partition. Thread-safe.
 */
final class Way implements TcpRelay.Pump {
  private static final int BUFFER_BYTES = 16 * 1024;

  private int holds;
  private volatile int delayMillis;

  @Override
  public void run(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
      try {
        pass();
      } catch (InterruptedException e) {
        throw new InterruptedIOException();
      }
      to.write(buffer, 0, count);
    }
  }

  private void pass() throws InterruptedException {
    Thread.sleep(delayMillis);
    synchronized (this) {
      while (holds > 0) {
        wait();
      }
    }
  }

  /** Until {@link #release}, which is to be called as often. */
  synchronized void hold() {
    holds++;
  }

  synchronized void release() {
    holds--;
    notifyAll();
  }

  /** From now on each piece comes so much later; 0 to end that. */
  void slow(int millis) {
    delayMillis = millis;
  }
}
