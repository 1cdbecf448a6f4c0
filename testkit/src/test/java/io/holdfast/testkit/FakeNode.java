// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;

/** A node that says where it came from, and that can die. */
record FakeNode(CassandraSource source, AtomicBoolean running) implements CassandraNode {

  FakeNode(CassandraSource source) {
    this(source, new AtomicBoolean(true));
  }

  @Override
  public InetSocketAddress contactPoint() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 9042);
  }

  @Override
  public String localDatacenter() {
    return "datacenter1";
  }

  @Override
  public boolean isRunning() {
    return running.get();
  }
}
