// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import java.net.InetSocketAddress;

/** A node for this JVM, which it ends with. */
interface CassandraNode {

  InetSocketAddress contactPoint();

  String localDatacenter();

  /** Where it came from; never {@link CassandraSource#AUTO}. */
  CassandraSource source();

  /** False once it has died. */
  boolean isRunning();
}
