// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.util.Locale;

/** What there is to compare, each in a process of its own. */
enum Variant {
  /** Typed persistent actors on Holdfast's journal. */
  HOLDFAST("lib", "#0969da"),
  /** The same with {@code holdfast.journal.fencing = off}. */
  HOLDFAST_NO_FENCE("lib", "#54aeff"),
  /** The same with {@code holdfast.journal.feed = off}. */
  HOLDFAST_NO_FEED("lib", "#54aeff"),
  /** The same with both off. */
  HOLDFAST_NEITHER("lib", "#80ccff"),
  /** Holdfast's event store: its Java API, over sharded streams on one node. */
  HOLDFAST_API("lib", "#1b3a8a"),
  /** The same, over streams that are sharded on three nodes. */
  HOLDFAST_API_3("lib", "#4a5fc1"),
  /** Typed persistent actors on pekko-persistence-cassandra. */
  PEER("peer-lib", "#d4720b"),
  /** Typed persistent actors on Pekko's journal in memory. */
  MEMORY("lib", "#8c959f"),
  /** The driver. */
  BARE("lib", "#2da44e");

  private static final String FENCE_OFF = "holdfast.journal.fencing = off\n";
  private static final String FEED_OFF = "holdfast.journal.feed = off\n";

  private final String libraries;
  private final String colour;

  Variant(String libraries, String colour) {
    this.libraries = libraries;
    this.colour = colour;
  }

  /** The variant that {@link #toString} names so. */
  static Variant of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** What it is drawn in. */
  String colour() {
    return colour;
  }

  /** The folder beside our jar with the libraries of its class path. */
  String libraries() {
    return libraries;
  }

  /** Starts it in this JVM. */
  Subject start(Contact cassandra, String keyspace) throws Exception {
    return switch (this) {
      case HOLDFAST -> HoldfastNode.actors(cassandra, keyspace, "");
      case HOLDFAST_NO_FENCE -> HoldfastNode.actors(cassandra, keyspace, FENCE_OFF);
      case HOLDFAST_NO_FEED -> HoldfastNode.actors(cassandra, keyspace, FEED_OFF);
      case HOLDFAST_NEITHER -> HoldfastNode.actors(cassandra, keyspace, FENCE_OFF + FEED_OFF);
      case HOLDFAST_API -> EventStoreSubject.start(cassandra, keyspace, 1);
      case HOLDFAST_API_3 -> EventStoreSubject.start(cassandra, keyspace, 3);
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
