// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import java.util.List;

/**
 * All events of a batch were appended.
 *
 * @param events the events as they are stored, in order; empty for an empty batch
 * @param currentVersion the stream's version once they were stored: that of the last one; for an
 *     empty batch the version that the stream has
 */
public record AppendBatchResult(List<StreamDomainEvent<?>> events, long currentVersion) {
  public AppendBatchResult {
    events = List.copyOf(events);
  }
}
