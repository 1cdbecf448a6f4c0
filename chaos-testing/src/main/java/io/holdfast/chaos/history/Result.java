// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** What a client was answered. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Result.Appended.class, name = "appended"),
  @JsonSubTypes.Type(value = Result.Events.class, name = "events"),
  @JsonSubTypes.Type(value = Result.Version.class, name = "version"),
  @JsonSubTypes.Type(value = Result.Existence.class, name = "existence"),
  @JsonSubTypes.Type(value = Result.Info.class, name = "info"),
  @JsonSubTypes.Type(value = Result.Recovered.class, name = "recovered")
})
public sealed interface Result {
  /**
   * The events stand in the stream.
   *
   * @param first the version of the first; of an empty batch the one after {@code last}
   * @param last the version of the last; of an empty batch the stream's
   * @param already whether an earlier attempt had stored them
   */
  record Appended(long first, long last, boolean already) implements Result {}

  /**
   * Events of a range.
   *
   * @param version the stream's when the read began; -1 if it was not told
   * @param continueFrom where a read goes on that a limit has ended; 0 if the range is done
   */
  record Events(long version, long continueFrom, List<Event> events) implements Result {
    public Events {
      events = List.copyOf(events);
    }
  }

  /** The stream's version; 0 if it never had an event. */
  record Version(long version) implements Result {}

  /** Whether there is an event that is not deleted. */
  record Existence(boolean exists) implements Result {}

  /**
   * What is known of a stream but its events.
   *
   * @param firstVersion the lowest version that is neither deleted nor above {@code maxCount}; the
   *     version plus 1 if there is none
   * @param maxCount 0 for none
   */
  record Info(long version, long firstVersion, boolean closed, long maxCount) implements Result {}

  /**
   * A persistent actor's state.
   *
   * @param version the sequence number up to which it has recovered
   * @param snapshotAt the sequence number of the snapshot that it began with; 0 for none
   * @param events what the state was made of, those in the snapshot included, in order
   */
  record Recovered(long version, long snapshotAt, List<Event> events) implements Result {
    public Recovered {
      events = List.copyOf(events);
    }
  }
}
