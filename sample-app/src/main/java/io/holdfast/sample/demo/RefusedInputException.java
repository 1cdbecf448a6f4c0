// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

/**
 * The log cannot be used as it is; nothing was written. The message says what to do, in one or more
 * lines.
 */
final class RefusedInputException extends Exception {
  private static final long serialVersionUID = 1L;

  RefusedInputException(String message) {
    super(message);
  }
}
