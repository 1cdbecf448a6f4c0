// SPDX-License-Identifier: Apache-2.0
package io.holdfast.query;

import com.typesafe.config.Config;
import io.holdfast.settings.Section;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.persistence.query.ReadJournalProvider;

/**
 * Makes the read journals of {@code holdfast.query}. Public because Pekko creates it by name;
 * configure it, do not call it.
 */
public final class HoldfastReadJournalProvider implements ReadJournalProvider {
  private final HoldfastReadJournal javaDsl;
  private final HoldfastScalaReadJournal scalaDsl;

  /**
   * @param config the section of the read journal
   * @param path of that section
   */
  public HoldfastReadJournalProvider(ExtendedActorSystem system, Config config, String path) {
    this.javaDsl =
        new HoldfastReadJournal(
            system,
            Section.storeAround(system.settings().config(), path),
            QuerySettings.of(Section.at(config, path)));
    this.scalaDsl = new HoldfastScalaReadJournal(javaDsl);
  }

  @Override
  public HoldfastScalaReadJournal scaladslReadJournal() {
    return scalaDsl;
  }

  @Override
  public HoldfastReadJournal javadslReadJournal() {
    return javaDsl;
  }
}
