// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.cloudevents;

/** A line of a log is no event that can be appended. The message says why. */
public final class BrokenLineException extends Exception {
  private static final long serialVersionUID = 1L;

  public BrokenLineException(String message) {
    super(message);
  }
}
