// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.subscription;

import io.holdfast.eventstore.FeedEvent;
import java.util.concurrent.CompletionStage;

/**
 * What a durable subscription does with an event. An event may come more than once: after a crash,
 * when an instance moves to another node, and when a stream has moved. Handle it so that twice is
 * as good as once, by its id or by stream and version.
 */
@FunctionalInterface
public interface FeedEventHandler {
  /**
   * Handles one event. Called on a thread of the actor system, on which nothing may block; an
   * instance calls it for its next event when the stage has completed, the instances of a node call
   * it at the same time.
   *
   * @return completes, with whatever value, when the event is handled; fails if it is to be tried
   *     again. A stage that never completes holds its instance up
   * @throws Exception as a failed stage
   */
  CompletionStage<?> handle(FeedEvent event) throws Exception;
}
