// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.history;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * What a client asks of one stream. The name of each record is its {@code kind} in JSON. A later
 * kind is a record more here, and a case more in the checker.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Operation.Append.class, name = "append"),
  @JsonSubTypes.Type(value = Operation.Persist.class, name = "persist"),
  @JsonSubTypes.Type(value = Operation.Read.class, name = "read"),
  @JsonSubTypes.Type(value = Operation.GetVersion.class, name = "version"),
  @JsonSubTypes.Type(value = Operation.Exists.class, name = "exists"),
  @JsonSubTypes.Type(value = Operation.GetInfo.class, name = "info"),
  @JsonSubTypes.Type(value = Operation.Truncate.class, name = "truncate"),
  @JsonSubTypes.Type(value = Operation.Delete.class, name = "delete"),
  @JsonSubTypes.Type(value = Operation.Close.class, name = "close"),
  @JsonSubTypes.Type(value = Operation.SetMaxCount.class, name = "maxCount"),
  @JsonSubTypes.Type(value = Operation.Recover.class, name = "recover")
})
public sealed interface Operation {
  /** The stream's id, or the persistent actor's. */
  String stream();

  /** Whether it can succeed with such a result. */
  default boolean isAnsweredBy(Result result) {
    if (this instanceof Adding) {
      return result instanceof Result.Appended;
    } else if (this instanceof Read) {
      return result instanceof Result.Events;
    } else if (this instanceof GetVersion) {
      return result instanceof Result.Version;
    } else if (this instanceof Exists) {
      return result instanceof Result.Existence;
    } else if (this instanceof Recover) {
      return result instanceof Result.Recovered;
    }
    return result instanceof Result.Info;
  }

  /** An operation that adds events, all of them or none. Answered by {@link Result.Appended}. */
  sealed interface Adding extends Operation {
    /** The events' ids, in order. A retry has the same, and no other append has any of them. */
    List<String> ids();

    Expected expected();
  }

  /** Appends one event or a batch; none for an empty batch, which only asks for the version. */
  record Append(String stream, List<String> ids, Expected expected) implements Adding {
    public Append {
      requireNonNull(stream, "stream");
      requireNonNull(expected, "expected");
      ids = List.copyOf(ids);
    }
  }

  /**
   * A persistent actor persists one event or several at once.
   *
   * @param after the actor's sequence number when it did
   */
  record Persist(String stream, List<String> ids, long after) implements Adding {
    public Persist {
      requireNonNull(stream, "stream");
      ids = List.copyOf(ids);
    }

    @Override
    public Expected expected() {
      return Expected.exactly(after);
    }
  }

  /**
   * Reads a range of events, of a persistent actor as of a stream. Answered by {@link
   * Result.Events}.
   *
   * @param from the lowest version, from 1
   * @param to the highest version; {@link Long#MAX_VALUE} for the end
   * @param limit the most events; 0 for no limit
   * @param reverse whether the highest version comes first
   * @param last whether this is the last read of the stream, or a page of it: after all else is
   *     over, from the first event to the end, and linearizable
   */
  record Read(
      String stream,
      long from,
      long to,
      int limit,
      boolean reverse,
      Consistency consistency,
      boolean last)
      implements Operation {
    public Read {
      requireNonNull(stream, "stream");
      requireNonNull(consistency, "consistency");
    }

    /** Reads the whole stream. */
    public static Read all(String stream, Consistency consistency) {
      return new Read(stream, 1, Long.MAX_VALUE, 0, false, consistency, false);
    }

    /** One page of the read after all else is over. */
    public static Read last(String stream, long from) {
      return new Read(stream, from, Long.MAX_VALUE, 0, false, Consistency.LINEARIZABLE, true);
    }
  }

  /** The version of the last event, deleted or not. Answered by {@link Result.Version}. */
  record GetVersion(String stream, Consistency consistency) implements Operation {
    public GetVersion {
      requireNonNull(stream, "stream");
      requireNonNull(consistency, "consistency");
    }
  }

  /** Whether there is an event that is not deleted. Answered by {@link Result.Existence}. */
  record Exists(String stream, Consistency consistency) implements Operation {
    public Exists {
      requireNonNull(stream, "stream");
      requireNonNull(consistency, "consistency");
    }
  }

  /** Answered by {@link Result.Info}. */
  record GetInfo(String stream, Consistency consistency) implements Operation {
    public GetInfo {
      requireNonNull(stream, "stream");
      requireNonNull(consistency, "consistency");
    }
  }

  /** Deletes the events below a version. Answered by {@link Result.Info}. */
  record Truncate(String stream, long before) implements Operation {
    public Truncate {
      requireNonNull(stream, "stream");
    }
  }

  /** Deletes all events; versions go on. Answered by {@link Result.Info}. */
  record Delete(String stream, Expected expected) implements Operation {
    public Delete {
      requireNonNull(stream, "stream");
      requireNonNull(expected, "expected");
    }
  }

  /** Closes the stream for every append to come. Answered by {@link Result.Info}. */
  record Close(String stream, Expected expected) implements Operation {
    public Close {
      requireNonNull(stream, "stream");
      requireNonNull(expected, "expected");
    }
  }

  /**
   * Sets how many of the youngest events the stream keeps. Answered by {@link Result.Info}.
   *
   * @param maxCount 0 for all
   */
  record SetMaxCount(String stream, long maxCount) implements Operation {
    public SetMaxCount {
      requireNonNull(stream, "stream");
    }
  }

  /** A persistent actor recovers. Answered by {@link Result.Recovered}. */
  record Recover(String stream) implements Operation {
    public Recover {
      requireNonNull(stream, "stream");
    }
  }
}
