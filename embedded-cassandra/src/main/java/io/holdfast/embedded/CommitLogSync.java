// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

/** When Cassandra acknowledges a write: what an abrupt end of the node may cost. */
public enum CommitLogSync {

  /**
   * Cassandra's own default: at once, the commit log follows. A node that is killed may lose what
   * it acknowledged in its last tenth of a second, like any node in production; replicas make up
   * for it.
   */
  PERIODIC("commitlog_sync: periodic\ncommitlog_sync_period: 1000ms"),

  /**
   * After the commit log is on disk. A node that is killed loses nothing, which a test of
   * durability with a single node needs. Each write waits for the disk.
   */
  BATCH("commitlog_sync: batch");

  private final String yaml;

  CommitLogSync(String yaml) {
    this.yaml = yaml;
  }

  String yaml() {
    return yaml;
  }
}
