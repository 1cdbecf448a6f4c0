// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.history;

import org.jspecify.annotations.Nullable;

/** A file is no history, or one that contradicts itself; the message says where. */
public final class UnusableHistoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnusableHistoryException(String message) {
    this(message, null);
  }

  public UnusableHistoryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
