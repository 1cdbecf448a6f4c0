// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.time.Instant;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByTagQuery;
import org.apache.pekko.persistence.query.javadsl.EventsByTagQuery;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The queries by tag of a read journal.
 *
 * @param system where they run
 * @param since the offset of the events from a time on
 */
record TagQueries(
    WriterSystem system,
    EventsByTagQuery live,
    CurrentEventsByTagQuery current,
    Function<Instant, Offset> since) {

  static <T extends EventsByTagQuery & CurrentEventsByTagQuery> TagQueries of(
      WriterSystem system, T journal, Function<Instant, Offset> since) {
    return new TagQueries(system, journal, journal, since);
  }

  /** The events from a time on, those to come included. */
  Source<EventEnvelope, NotUsed> live(String tag, Instant from) {
    return live.eventsByTag(tag, since.apply(from));
  }

  /** All events that are there. */
  Source<EventEnvelope, NotUsed> current(String tag) {
    return current.currentEventsByTag(tag, Offset.noOffset());
  }
}
