// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.datastax.oss.driver.api.core.metadata.schema.KeyspaceMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.SchemaChangeListenerBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says so when the replication changes under a node that runs; a start would check it. */
final class ReplicationWatch extends SchemaChangeListenerBase {
  private static final Logger LOG = LoggerFactory.getLogger(ReplicationWatch.class);

  private final String keyspace;

  ReplicationWatch(String keyspace) {
    this.keyspace = keyspace;
  }

  @Override
  public void onKeyspaceUpdated(KeyspaceMetadata current, KeyspaceMetadata previous) {
    Replication before = Replication.of(previous.getReplication());
    Replication now = Replication.of(current.getReplication());
    if (current.getName().asInternal().equals(keyspace) && !now.equals(before)) {
      LOG.warn(
          "The replication of keyspace {} has changed from {} to {}. Unless it is one replica more, acknowledged events"
              + " are in danger while nodes of Holdfast run: stop them all, and see docs/operators-guide.md, \"Replication\"",
          keyspace,
          before,
          now);
    }
  }

  @Override
  public void close() {}
}
