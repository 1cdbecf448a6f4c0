// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.common;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Whether a command line makes sense beyond what picocli sees. */
public final class Usage {
  private Usage() {}

  /** Refuses the command line with a message that names value, limit and remedy. */
  public static void check(@Nullable CommandSpec spec, boolean right, String message) {
    if (!right && spec != null) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
