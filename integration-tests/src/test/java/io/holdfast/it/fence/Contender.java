// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * An actor system that takes itself for the owner of every stream it is asked for: as a node does
 * that a partition or a pause has cut off. Its actors wake with the first request, and come back by
 * themselves when a write failed. Thread-safe.
 */
interface Contender extends AutoCloseable {
  /** Appends all or none. Fails only with what none of the outcomes explains. */
  CompletionStage<Answer> append(String stream, List<String> texts);

  /** The stream as its actor here knows it, which may be less than others have appended. */
  CompletionStage<List<String>> read(String stream);

  @Override
  void close();
}
