// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.query;

import static io.holdfast.it.Stages.get;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.uuid.Uuids;
import io.holdfast.cassandra.CassandraStorage;
import io.holdfast.fence.LogEntry;
import io.holdfast.fence.LogRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Writers that came and went, as CQL makes them: so many real ones would take too long. */
final class RetiredWriters {
  private final CqlSession session;
  private final String keyspace;

  RetiredWriters(CqlSession session, String keyspace) {
    this.session = session;
    this.keyspace = keyspace;
  }

  /** Writers that logged nothing. */
  void addEmpty(int count) {
    PreparedStatement insert = insert();
    long first = numbers().size() + 1L;
    for (long number = first; number < first + count; number++) {
      insert(insert, number, Uuids.timeBased(), LogRow.FIRST_POSITION);
    }
  }

  /**
   * Divides the logs of all writers, who must have retired, among writers that logged one batch
   * each, in the same order.
   *
   * @param from when the first row was logged; the others follow, one each second
   */
  void divideLogs(CassandraStorage storage, Instant from) {
    List<LogEntry> batches = new ArrayList<>();
    for (UUID writer : numbers().values()) {
      List<LogRow> rows = get(storage.readLog(writer, LogRow.FIRST_POSITION));
      for (long read = 0; !rows.isEmpty(); rows = get(storage.readLog(writer, 1 + read))) {
        rows.forEach(row -> batches.addAll(row.entries()));
        read += rows.size();
      }
    }
    session.execute("TRUNCATE %s.writers".formatted(keyspace));
    session.execute("TRUNCATE %s.commit_log".formatted(keyspace));
    PreparedStatement insert = insert();
    for (int i = 0; i < batches.size(); i++) {
      UUID writer = Uuids.timeBased();
      Instant time = from.plusSeconds(i);
      get(storage.insertLogRow(writer, row(1, List.of(batches.get(i)), time)));
      get(storage.insertLogRow(writer, row(2, List.of(), time)));
      insert(insert, i + 1L, writer, 3);
    }
  }

  private static LogRow row(long position, List<LogEntry> batches, Instant time) {
    return new LogRow(position, batches, position, Map.of(), Map.of(), List.of(), time);
  }

  private Map<Long, UUID> numbers() {
    Map<Long, UUID> numbers = new TreeMap<>();
    for (Row row :
        session.execute(
            "SELECT number, writer_id FROM %s.writers WHERE bucket = 0".formatted(keyspace))) {
      numbers.put(row.getLong(0), row.getUuid(1));
    }
    return numbers;
  }

  private PreparedStatement insert() {
    return session.prepare(
        ("INSERT INTO %s.writers (bucket, number, writer_id, address, started_at, heartbeat,"
                + " retired_at, log_end) VALUES (0, ?, ?, 'gone', ?, ?, ?, ?)")
            .formatted(keyspace));
  }

  private void insert(PreparedStatement insert, long number, UUID writer, long end) {
    Instant time = Instant.EPOCH;
    session.execute(insert.bind(number, writer, time, time, time, end));
  }
}
