// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What a {@link Subject} is given to do while it is measured. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
  @JsonSubTypes.Type(value = Load.Append.class, name = "append"),
  @JsonSubTypes.Type(value = Load.Recover.class, name = "recover"),
  @JsonSubTypes.Type(value = Load.Read.class, name = "read"),
  @JsonSubTypes.Type(value = Load.GetVersion.class, name = "get-version"),
  @JsonSubTypes.Type(value = Load.Activate.class, name = "activate"),
  @JsonSubTypes.Type(value = Load.Occupy.class, name = "occupy")
})
sealed interface Load {
  /**
   * Appends, of which a number is under way at a time: each follows the answer to another.
   *
   * @param choice which stream each goes to
   * @param streams how many there are; any with {@link Choice#NEW}
   * @param inFlight how many appends are under way, to all streams together
   * @param events how many each append has, stored all or none
   */
  record Append(Choice choice, int streams, int inFlight, int events) implements Load {
    public Append {
      requirePositive("streams", streams);
      requirePositive("inFlight", inFlight);
      requirePositive("events", events);
    }
  }

  /** Which stream the next append goes to. */
  enum Choice {
    /** The one of the append that was answered, so that each has as many under way all the time. */
    SAME,
    /** Any, by Zipf's law: the first most often. */
    ZIPF,
    /** One that does not exist yet, and has no other append. */
    NEW
  }

  /** Starts persistent actors that were stopped, until they have replayed all of their events. */
  record Recover(StoredStreams stored, int inFlight) implements Load {
    public Recover {
      requirePositive("inFlight", inFlight);
    }
  }

  /** Reads streams from the first event to the last. */
  record Read(StoredStreams stored, int inFlight) implements Load {
    public Read {
      requirePositive("inFlight", inFlight);
    }
  }

  /** Asks for versions of streams that are in memory. */
  record GetVersion(StoredStreams stored, int inFlight) implements Load {
    public GetVersion {
      requirePositive("inFlight", inFlight);
    }
  }

  /** Asks for the version of a stream that is not in memory, one at a time. */
  record Activate(StoredStreams stored) implements Load {}

  /** Creates so many streams with an event each, and looks at the memory that they occupy. */
  record Occupy(int streams) implements Load {
    public Occupy {
      requirePositive("streams", streams);
    }
  }

  /**
   * Streams that are there before anything is measured.
   *
   * @param streams how many
   * @param events how many each has
   */
  record StoredStreams(int streams, int events) {
    /** In one write. */
    private static final int CHUNK = 100;

    public StoredStreams {
      requirePositive("streams", streams);
      requirePositive("events", events);
    }

    /** Its stream with that number, from 0. */
    String id(int stream) {
      return "stored-" + events + "-" + stream;
    }

    /** Fails where a stream lacks events, or has more. */
    void requireAll(int stream, long found) {
      if (found != events) {
        throw new IllegalStateException(
            "%s has %d events, and %d were read".formatted(id(stream), events, found));
      }
    }

    /** How many writes it takes to store one of them. */
    int chunks() {
      return (events + CHUNK - 1) / CHUNK;
    }

    /** How many events a write has. */
    int chunkEvents(int chunk) {
      return Math.min(CHUNK, events - chunk * CHUNK);
    }
  }

  private static void requirePositive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s is %d; it must be at least 1".formatted(what, value));
    }
  }
}
