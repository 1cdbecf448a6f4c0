// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.util.Locale;

/** What there is to compare, each in a process of its own. */
enum Variant {
  /** Typed persistent actors on Holdfast's journal. */
  HOLDFAST("lib"),
  /** Holdfast's event store: its Java API, over sharded streams on one node. */
  HOLDFAST_API("lib"),
  /** Typed persistent actors on pekko-persistence-cassandra. */
  PEER("peer-lib"),
  /** Typed persistent actors on Pekko's journal in memory. */
  MEMORY("lib"),
  /** The driver. */
  BARE("lib");

  private final String libraries;

  Variant(String libraries) {
    this.libraries = libraries;
  }

  /** The folder beside our jar with the libraries of its class path. */
  String libraries() {
    return libraries;
  }

  /** Starts it in this JVM. */
  Subject start(Contact cassandra, String keyspace) throws Exception {
    return switch (this) {
      case HOLDFAST -> new ActorSubject(HoldfastNode.start(cassandra, keyspace, ""));
      case HOLDFAST_API -> EventStoreSubject.start(cassandra, keyspace);
      case PEER -> PeerSubject.start(cassandra, keyspace);
      case MEMORY -> new MemorySubject(cassandra);
      case BARE -> BareDriver.open(cassandra);
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
