// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import java.net.InetSocketAddress;

/** A running node that answers CQL. */
interface CassandraNode extends AutoCloseable {

  InetSocketAddress contactPoint();

  String localDatacenter();

  /** Where it came from; never {@link CassandraSource#AUTO}. */
  CassandraSource source();

  @Override
  void close();
}
