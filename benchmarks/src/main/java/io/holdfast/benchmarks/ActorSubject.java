// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.time.Duration;

/** Typed persistent actors on a journal, which are told what to persist and never asked. */
final class ActorSubject implements Subject {
  private final WriterSystem system;

  /**
   * A subject.
   *
   * @param system is closed with it
   */
  ActorSubject(WriterSystem system) {
    this.system = system;
  }

  @Override
  public Figures measure(Load load, Duration window) throws Exception {
    if (!(load instanceof Load.Append append)) {
      throw Subject.cannot(this, load);
    }
    return Figures.of(system.measure(append, window), append.events());
  }

  @Override
  public void close() {
    system.close();
  }
}
