// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import org.jspecify.annotations.Nullable;

/**
 * Says that a node could not be started, or not be handled as asked, why, and what to do about it.
 * After a failed start nothing is left running, and a temporary data folder is gone.
 */
public final class EmbeddedCassandraException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  public enum Reason {
    /** There is no Java at the place named, or one that Cassandra does not run on. */
    UNSUITABLE_JAVA,
    /** The address cannot be bound, or a port is taken. */
    ADDRESS_IN_USE,
    /** Another node runs on the data folder. */
    FOLDER_IN_USE,
    /** Cassandra's jars could not be unpacked, or the node's files not be written or deleted. */
    FILES,
    /** The node's process ended by itself. */
    NODE_DIED,
    /** The node did not answer, or not end, in time. */
    TIMEOUT,
    /** The calling thread was interrupted; its interrupt flag is set again. */
    INTERRUPTED,
    /** The node was closed, or is not in the state that the call needs. */
    WRONG_STATE
  }

  private final Reason reason;

  EmbeddedCassandraException(Reason reason, String message) {
    this(reason, message, null);
  }

  EmbeddedCassandraException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** What went wrong, for code; the message says it for people. */
  public Reason reason() {
    return reason;
  }
}
