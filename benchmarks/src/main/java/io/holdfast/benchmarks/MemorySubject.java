// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.time.Duration;
import java.util.List;

/**
 * Typed persistent actors on Pekko's journal in memory: what the actors alone cost. That keeps
 * whatever was persisted, so each measurement has an actor system of its own.
 */
final class MemorySubject implements Subject {
  private static final Duration START = Duration.ofMillis(500);

  private final Contact unused;

  MemorySubject(Contact cassandra) {
    unused = new Contact(cassandra.host(), cassandra.port(), cassandra.datacenter(), List.of());
  }

  @Override
  public Figures measure(Load load, Duration window) throws Exception {
    if (!(load instanceof Load.Append append)) {
      throw Subject.cannot(this, load);
    }
    try (WriterSystem system =
        WriterSystem.start(
            unused,
            "memory",
            """
            pekko.persistence.journal.plugin = "pekko.persistence.journal.inmem"
            """)) {
      system.measure(append, START);
      return Figures.of(system.measure(append, window), append.events());
    }
  }

  @Override
  public void close() {}
}
