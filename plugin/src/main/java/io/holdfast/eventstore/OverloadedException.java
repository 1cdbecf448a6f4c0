// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

/**
 * Too many appends wait in one stream ({@code max-pending-appends}, {@code max-pending-bytes}), or
 * this node reads too many bytes at a time ({@code holdfast.cassandra.max-read-bytes}). Nothing was
 * written; try again after a pause, append in batches, or read with fewer readers.
 */
public final class OverloadedException extends UnavailableException {
  private static final long serialVersionUID = 1L;

  public OverloadedException(String streamId, String message) {
    super(streamId, message);
  }
}
