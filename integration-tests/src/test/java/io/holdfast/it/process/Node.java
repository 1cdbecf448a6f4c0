// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/** A node of a cluster, in this JVM or in another. Thread-safe. */
interface Node {
  String name();

  /** The address by which other nodes join it. */
  String address();

  /** Joins the node at that address, its own to be a cluster by itself; completes when it is up. */
  CompletionStage<Void> join(String address);

  /**
   * Appends one event through a client in the node's own process. The stage never fails.
   *
   * @param expectedVersion for streams only
   */
  CompletionStage<Answer> append(Subject subject, String eventId, OptionalLong expectedVersion);

  default CompletionStage<Answer> append(Subject subject, String eventId) {
    return append(subject, eventId, OptionalLong.empty());
  }

  /** The ids of all events, as this node reads them, without gaps in their versions. */
  CompletionStage<List<String>> history(Subject subject);

  /** The ids of the streams that live on this node. */
  CompletionStage<List<String>> hosted();
}
