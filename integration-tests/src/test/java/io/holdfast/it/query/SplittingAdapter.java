// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.query;

import io.holdfast.it.journal.TestEvent;
import java.util.Arrays;
import org.apache.pekko.persistence.journal.EventSeq;
import org.apache.pekko.persistence.journal.ReadEventAdapter;

/** Makes an event of each word. Public because Pekko creates it by name. */
public final class SplittingAdapter implements ReadEventAdapter {
  @Override
  public EventSeq fromJournal(Object event, String manifest) {
    return EventSeq.create(
        Arrays.stream(((TestEvent) event).text().split(" "))
            .filter(word -> !word.isEmpty())
            .map(TestEvent::new)
            .toArray());
  }
}
