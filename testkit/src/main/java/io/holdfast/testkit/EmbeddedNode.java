// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import io.holdfast.embedded.EmbeddedCassandra;
import java.net.InetSocketAddress;

/** A node in a child JVM. It ends with this JVM. */
record EmbeddedNode(EmbeddedCassandra cassandra) implements CassandraNode {

  static EmbeddedNode start() {
    return new EmbeddedNode(EmbeddedCassandra.builder().disposable().start());
  }

  @Override
  public InetSocketAddress contactPoint() {
    return cassandra.contactPoint();
  }

  @Override
  public String localDatacenter() {
    return cassandra.datacenter();
  }

  @Override
  public CassandraSource source() {
    return CassandraSource.EMBEDDED;
  }

  @Override
  public boolean isRunning() {
    return cassandra.isRunning();
  }
}
