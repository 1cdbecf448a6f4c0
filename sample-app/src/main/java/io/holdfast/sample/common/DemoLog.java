// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.common;

import java.nio.file.Path;

/** The log of the run, of all its nodes and of the driver; kept away from the console. */
public final class DemoLog {
  /** Named in logback.xml, too, with the same default. */
  private static final String PROPERTY = "holdfast.demo.log";

  private DemoLog() {}

  public static Path file() {
    String file = System.getProperty(PROPERTY);
    return file == null
        ? Path.of(System.getProperty("java.io.tmpdir"), "holdfast-demo.log")
        : Path.of(file);
  }
}
