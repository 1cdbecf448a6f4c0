// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.run;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals to processes, which Java has no call for. */
final class Signals {
  private Signals() {}

  /** Does nothing if there is no such process any more. */
  static void send(String signal, long pid) {
    try {
      new ProcessBuilder("/bin/sh", "-c", "kill -%s %d".formatted(signal, pid))
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
