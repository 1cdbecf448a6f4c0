// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it;

import com.datastax.oss.driver.api.core.cql.Row;
import io.holdfast.testkit.CassandraExtension;

/** The tombstones that reads have met, as Cassandra counts them. */
public final class Tombstones {
  private Tombstones() {}

  /** The most that one read of a table has met; 0 if there was none. */
  public static long mostInARead(CassandraExtension cassandra, String keyspace, String table) {
    Row row =
        cassandra
            .session()
            .execute(
                "SELECT max FROM system_views.tombstones_per_read WHERE keyspace_name = ? AND table_name = ?",
                keyspace,
                table)
            .one();
    return row == null ? 0 : (long) row.getDouble(0);
  }
}
