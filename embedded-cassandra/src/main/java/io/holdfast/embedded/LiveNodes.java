// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The nodes of this JVM that are not closed; its normal end closes them. */
final class LiveNodes {

  private static final Set<EmbeddedCassandra> NODES = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> NODES.parallelStream().forEach(EmbeddedCassandra::close),
                "holdfast-cassandra-shutdown"));
  }

  private LiveNodes() {}

  static void add(EmbeddedCassandra node) {
    NODES.add(node);
  }

  static void remove(EmbeddedCassandra node) {
    NODES.remove(node);
  }
}
