// SPDX-License-Identifier: Apache-2.0
package io.holdfast.query;

/**
 * A query could not be answered, or not to its end: Cassandra did not answer, or a stream is being
 * claimed for longer than {@code holdfast.query.settle-timeout}. What was emitted before stays
 * true; running the query again, from where it stopped, may succeed.
 */
public final class QueryUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  QueryUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  QueryUnavailableException(String message) {
    super(message);
  }
}
