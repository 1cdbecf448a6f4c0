// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it;

import static io.holdfast.it.Stages.get;
import static org.awaitility.Awaitility.await;

import io.holdfast.cassandra.CassandraStorage;
import io.holdfast.fence.LogRow;
import io.holdfast.fence.RegisteredWriter;
import java.time.Instant;
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

  /**
   * Ends the logs of writers whose systems have ended without having had the time for that, as
   * other writers do after three days. Each must have ended.
   */
  public static void endAll(CassandraStorage storage) {
    for (RegisteredWriter writer : get(storage.readWriters(RegisteredWriter.FIRST_NUMBER))) {
      if (writer.end().isEmpty()) {
        long end = get(storage.readLogEnd(writer.id()));
        get(storage.retire(writer.id(), writer.number(), end, Instant.now()));
      }
    }
  }

  private static boolean isSettled(List<LogRow> rows) {
    return !rows.isEmpty()
        && rows.stream()
            .filter(row -> !row.entries().isEmpty())
            .allMatch(row -> row.position() < rows.get(rows.size() - 1).settledTo());
  }
}
