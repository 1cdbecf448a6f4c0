// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.eventstore.protocol.StreamReply;
import io.holdfast.serialization.EventData;
import io.holdfast.serialization.RecordedEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells an append that was made already from one that uses ids of other events. Two events are the
 * same if id, type, content type and the payload's meaning are; metadata may say how an event came
 * about, and a retry may say it differently.
 */
public final class Duplicates {
  private Duplicates() {}

  /**
   * The answer to an append whose events may be these. Of an append that was made, the stream may
   * keep the last events alone: then these tell that it was, and the others are answered as they
   * were sent this time.
   *
   * @param stored the events that are kept where those of the append would stand, at consecutive
   *     versions; less if the stream ends before
   * @param version the stream's version
   * @param otherwise the answer if the append has none of them
   */
  public static StreamReply.ToAppend answer(
      List<EventData> events,
      List<StreamReply.EventAt> stored,
      ExpectedVersion expected,
      long version,
      StreamReply.ToAppend otherwise) {
    int gone = countGone(events, stored, expected);
    int same = 0;
    StreamReply.ToAppend difference = null;
    for (int i = 0; i < events.size(); i++) {
      EventData event = events.get(i);
      for (int j = 0; j < stored.size(); j++) {
        EventData other = stored.get(j).event().data();
        if (!other.id().equals(event.id())) {
          continue;
        }
        long at = stored.get(j).version();
        if (!isSame(event, other)) {
          return conflict(
              expected,
              version,
              "event id '%s' stands at version %d already, with another type or payload"
                  .formatted(event.id(), at));
        }
        if (i == gone + j) {
          same++;
        } else if (difference == null) {
          difference = standsAt(event.id(), at, expected, version);
        }
      }
    }
    // If one of them stands elsewhere, what is gone were others.
    boolean isWhole = gone == 0 || difference == null;
    if (same > 0 && gone + same == events.size() && isWhole) {
      return new StreamReply.AlreadyAppended(withGone(events.subList(0, gone), stored, same));
    } else if (same > 0) {
      return conflict(
          expected,
          version,
          "%d of the %d events stand in the stream already, from version %d on"
              .formatted(same, events.size(), stored.get(0).version()));
    }
    return difference == null ? otherwise : difference;
  }

  /** How many of the append's first events stood before the first that is kept, if it was made. */
  private static int countGone(
      List<EventData> events, List<StreamReply.EventAt> stored, ExpectedVersion expected) {
    if (stored.isEmpty()) {
      return 0;
    }
    long firstStored = stored.get(0).version();
    if (expected instanceof ExpectedVersion.Exactly exactly) {
      return Math.toIntExact(firstStored - exactly.version() - 1);
    }
    String id = stored.get(0).event().data().id();
    for (int i = 0; i < events.size() && i < firstStored; i++) {
      if (events.get(i).id().equals(id)) {
        return i;
      }
    }
    return 0;
  }

  private static List<StreamReply.EventAt> withGone(
      List<EventData> gone, List<StreamReply.EventAt> stored, int kept) {
    StreamReply.EventAt firstStored = stored.get(0);
    long version = firstStored.version() - gone.size();
    List<StreamReply.EventAt> all = new ArrayList<>();
    for (EventData event : gone) {
      // The events of an append are recorded at one time.
      all.add(
          new StreamReply.EventAt(
              version++, new RecordedEvent(event, firstStored.event().timestampMillis())));
    }
    all.addAll(stored.subList(0, kept));
    return all;
  }

  private static boolean isSame(EventData one, EventData other) {
    return one.type().equals(other.type()) && one.payload().means(other.payload());
  }

  /** The refusal of an append with the id of an event that stands elsewhere. */
  static StreamReply.ToAppend standsAt(String id, long at, ExpectedVersion expected, long version) {
    return conflict(
        expected,
        version,
        "event id '%s' stands at version %d already, which is not where this append would put it"
            .formatted(id, at));
  }

  private static StreamReply.Conflict conflict(
      ExpectedVersion expected, long version, String reason) {
    return new StreamReply.Conflict(expected, version, reason);
  }
}
