// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import java.util.Set;
import org.apache.pekko.persistence.journal.EventAdapter;
import org.apache.pekko.persistence.journal.EventSeq;
import org.apache.pekko.persistence.journal.Tagged;

/**
 * Stores events under a changed text, with a tag and a manifest, and makes none, one or two of each
 * that it reads. Public because Pekko creates it by name.
 */
public final class TestEventAdapter implements EventAdapter {
  /** The settings that make the journal use it for {@link TestEvent}. */
  static final String SETTINGS =
      """
      holdfast.journal {
        event-adapters.test = "io.holdfast.it.journal.TestEventAdapter"
        event-adapter-bindings."io.holdfast.it.journal.TestEvent" = test
      }
      """;

  @Override
  public String manifest(Object event) {
    return "adapted-" + ((TestEvent) event).text().length();
  }

  @Override
  public Object toJournal(Object event) {
    String text = ((TestEvent) event).text();
    if (text.equals("refused")) {
      throw new AssertionError(text);
    }
    return new Tagged(new TestEvent("stored " + text), Set.of("tag of " + text));
  }

  @Override
  public EventSeq fromJournal(Object event, String manifest) {
    String text = ((TestEvent) event).text().substring("stored ".length());
    return switch (text) {
      case "none" -> EventSeq.empty();
      case "two" -> EventSeq.create(new TestEvent("two"), new TestEvent(manifest));
      default -> EventSeq.single(new TestEvent(text + " " + manifest));
    };
  }
}
