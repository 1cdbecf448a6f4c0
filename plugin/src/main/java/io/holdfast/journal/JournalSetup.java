// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import static java.util.Objects.requireNonNull;

import java.time.InstantSource;
import org.apache.pekko.actor.setup.Setup;

/**
 * What the journal of one actor system takes from its application instead of the configuration.
 * Immutable.
 *
 * <pre>{@code
 * ActorSystem.create(
 *     rootBehavior, "orders", ActorSystemSetup.create(BootstrapSetup.create(config), new JournalSetup(clock)));
 * }</pre>
 */
public final class JournalSetup extends Setup {
  private final InstantSource clock;

  /**
   * @param clock the wall clock, from which epochs are drawn. Clocks of different nodes need not
   *     agree. Thread-safe
   */
  public JournalSetup(InstantSource clock) {
    this.clock = requireNonNull(clock, "clock");
  }

  public InstantSource clock() {
    return clock;
  }
}
