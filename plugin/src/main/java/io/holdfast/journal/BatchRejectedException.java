// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

/**
 * An event or {@code persistAll} is larger than the journal's limits. It was rejected before
 * anything was stored.
 */
public final class BatchRejectedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BatchRejectedException(String message) {
    super(message);
  }
}
