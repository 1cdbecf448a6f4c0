// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

/**
 * The cause of a failed read that found no room in {@code holdfast.cassandra.max-read-bytes}.
 * Nothing was asked of Cassandra; to read again after a pause may succeed.
 */
public final class ReadsOverloadedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ReadsOverloadedException(String message) {
    super(message);
  }
}
