// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.protocol;

/** What an answer about a stream, or a read of its events, is worth. */
public enum ReadConsistency {
  /**
   * The answer holds every append that was acknowledged before the question was asked, by whatever
   * node: the stream's owner makes sure that it was the owner still. That costs a part of a read of
   * Cassandra, which all streams of a node share with each other and with their appends; a question
   * that waits for an append to be written costs nothing. The default.
   */
  LINEARIZABLE,
  /**
   * The answer is what the stream's owner knows, given at once. While another node takes the stream
   * over, and the old owner has not noticed yet, that may be old; it is never what was not stored.
   */
  OWNER
}
