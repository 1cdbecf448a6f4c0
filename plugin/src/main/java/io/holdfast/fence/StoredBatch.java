// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import java.util.UUID;

/**
 * A batch as its rows stand.
 *
 * @param entry what the log should say of it
 * @param writer who wrote it
 * @param logPosition the writer's next free position in its log when it issued the batch, or {@link
 *     #UNLOGGED}
 */
public record StoredBatch(LogEntry entry, UUID writer, long logPosition) {
  /** In place of a position: the writer kept no log. */
  public static final long UNLOGGED = 0;
}
