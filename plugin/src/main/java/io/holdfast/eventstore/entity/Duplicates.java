// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.eventstore.protocol.StreamReply;
import io.holdfast.serialization.EventData;
import java.util.List;

/**
 * Tells an append that was made already from one that uses ids of other events. Two events are the
 * same if id, type, content type and the payload's meaning are; metadata may say how an event came
 * about, and a retry may say it differently.
 */
public final class Duplicates {
  private Duplicates() {}

  /**
   * The answer to an append whose events may be these.
   *
   * @param stored the events where those of the append would stand, at consecutive versions; less
   *     if the stream ends before
   * @param version the stream's version
   * @param otherwise the answer if the append has none of them
   */
  public static StreamReply.ToAppend answer(
      List<EventData> events,
      List<StreamReply.EventAt> stored,
      ExpectedVersion expected,
      long version,
      StreamReply.ToAppend otherwise) {
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
        if (i == j) {
          same++;
        } else if (difference == null) {
          difference = standsAt(event.id(), at, expected, version);
        }
      }
    }
    if (same == events.size()) {
      return new StreamReply.AlreadyAppended(stored.subList(0, same));
    } else if (same > 0) {
      return conflict(
          expected,
          version,
          "%d of the %d events stand in the stream already, from version %d on"
              .formatted(same, events.size(), stored.get(0).version()));
    }
    return difference == null ? otherwise : difference;
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
