// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

/**
 * An event of the persistent actors under test. {@link TestEventSerializer} refuses texts that
 * begin with {@link #REFUSED}.
 */
public record TestEvent(String text) {
  static final String REFUSED = "refused";

  boolean isRefused() {
    return text.startsWith(REFUSED);
  }
}
