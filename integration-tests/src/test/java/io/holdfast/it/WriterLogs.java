// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it;

import static io.holdfast.it.Stages.get;
import static org.awaitility.Awaitility.await;

import io.holdfast.cassandra.CassandraStorage;
import io.holdfast.fence.LogRow;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What writers have logged. */
public final class WriterLogs {
  private WriterLogs() {}

  /** All rows that are there now. */
  public static List<LogRow> read(CassandraStorage storage, UUID writer) {
    List<LogRow> rows = new ArrayList<>();
    List<LogRow> more = get(storage.readLog(writer, LogRow.FIRST_POSITION));
    while (!more.isEmpty()) {
      rows.addAll(more);
      more = get(storage.readLog(writer, LogRow.FIRST_POSITION + rows.size()));
    }
    return rows;
  }

  /**
   * All rows of a writer that has logged something, and writes nothing any more, once all of them
   * are final: the marker row that says so of the last one comes some time after the last
   * acknowledgement.
   */
  public static List<LogRow> awaitSettled(CassandraStorage storage, UUID writer) {
    return await().until(() -> read(storage, writer), WriterLogs::isSettled);
  }

  private static boolean isSettled(List<LogRow> rows) {
    return !rows.isEmpty()
        && rows.stream()
            .filter(row -> !row.entries().isEmpty())
            .allMatch(row -> row.position() < rows.get(rows.size() - 1).settledTo());
  }
}
