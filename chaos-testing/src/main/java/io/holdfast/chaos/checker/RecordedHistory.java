// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.HistoryReader;
import io.holdfast.chaos.history.HistoryRecord;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * A whole history in memory, by streams. One million operations take some hundred megabytes.
 *
 * @param lastAt the latest time in it
 * @param cutOff whether its last line was half of one
 */
public record RecordedHistory(
    HistoryRecord.Header header,
    Collection<StreamHistory> streams,
    List<Consumer> consumers,
    List<Fault> faults,
    long lastAt,
    boolean cutOff) {
  /** All that it says of one stream; nothing where it does not know it. */
  public StreamHistory stream(String id) {
    return streams.stream()
        .filter(stream -> stream.id().equals(id))
        .findFirst()
        .orElseGet(() -> new StreamHistory(id));
  }

  /**
   * Reads a file.
   *
   * @throws io.holdfast.chaos.history.UnusableHistoryException if it is no history, or contradicts
   *     itself
   */
  public static RecordedHistory load(Path file) {
    try (HistoryReader reader = HistoryReader.open(file)) {
      HistoryLoader loader = new HistoryLoader();
      for (HistoryRecord record = reader.next(); record != null; record = reader.next()) {
        loader.add(record, "line %,d".formatted(reader.lineNumber()));
      }
      return loader.end(reader.header(), reader.wasCutOff());
    }
  }
}
