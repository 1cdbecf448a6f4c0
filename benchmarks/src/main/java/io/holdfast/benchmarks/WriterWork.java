// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * What the writers of a {@link LoadDriver} do.
 *
 * @param inFlight how many commands are under way at a time
 * @param events how many each command persists
 * @param startsAnew whether a writer is started for each command, and stopped after it; else it
 *     stays
 * @param chooser which writer a command goes to
 * @param persistenceId of a writer
 */
record WriterWork(
    int inFlight,
    int events,
    boolean startsAnew,
    StreamChooser chooser,
    IntFunction<String> persistenceId) {

  /**
   * What a load asks of persistent actors.
   *
   * @param name begins the persistence ids of writers that are new
   * @throws IllegalArgumentException if that is nothing
   */
  static WriterWork of(Load load, String name) {
    if (load instanceof Load.Append append) {
      return new WriterWork(
          append.inFlight(),
          append.events(),
          append.choice() == Load.Choice.NEW,
          StreamChooser.of(append),
          writer -> name + "-" + writer);
    } else if (load instanceof Load.Recover recover) {
      AtomicInteger next = new AtomicInteger();
      int streams = recover.stored().streams();
      return new WriterWork(
          recover.inFlight(),
          0,
          true,
          place -> next.getAndIncrement() % streams,
          recover.stored()::id);
    }
    throw new IllegalArgumentException("persistent actors have no use for " + load);
  }
}
