// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.history;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Map;

/**
 * A line of a history. Times are nanoseconds since the beginning, by the monotonic clock of the
 * process that records: an invocation's is taken before the call, that of everything else after it
 * was heard of. Lines of different threads may stand a little out of the order of their times.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = HistoryRecord.Header.class, name = "history"),
  @JsonSubTypes.Type(value = HistoryRecord.Invocation.class, name = "invoke"),
  @JsonSubTypes.Type(value = HistoryRecord.Completion.class, name = "complete"),
  @JsonSubTypes.Type(value = HistoryRecord.FaultBegin.class, name = "fault"),
  @JsonSubTypes.Type(value = HistoryRecord.FaultEnd.class, name = "faultEnd"),
  @JsonSubTypes.Type(value = HistoryRecord.ConsumerStart.class, name = "consumer"),
  @JsonSubTypes.Type(value = HistoryRecord.Delivery.class, name = "delivery"),
  @JsonSubTypes.Type(value = HistoryRecord.CaughtUp.class, name = "caughtUp")
})
public sealed interface HistoryRecord {
  /** The {@link Header#format} that this build writes and reads. */
  int FORMAT = 1;

  long at();

  /**
   * The first line.
   *
   * @param at always 0
   * @param format of the lines that follow
   * @param startedAt wall-clock time in ISO-8601, for people only
   * @param seed of the run
   * @param settings versions, sizes, workloads, whatever tells one run from another
   */
  record Header(long at, int format, String startedAt, long seed, Map<String, String> settings)
      implements HistoryRecord {
    public Header {
      requireNonNull(startedAt, "startedAt");
      settings = Map.copyOf(settings);
    }
  }

  /**
   * A client is about to ask.
   *
   * @param op the operation's number, once in a history
   * @param client who asks; has one operation under way at a time, or several
   */
  record Invocation(long at, long op, String client, Operation operation) implements HistoryRecord {
    public Invocation {
      requireNonNull(client, "client");
      requireNonNull(operation, "operation");
    }
  }

  /** A client has been answered. */
  record Completion(long at, long op, Outcome outcome) implements HistoryRecord {
    public Completion {
      requireNonNull(outcome, "outcome");
    }
  }

  /**
   * Something is broken from now on.
   *
   * @param fault the fault's number
   * @param kind such as {@code freeze}
   * @param where what it was done to, such as {@code app-2}
   * @param detail of interest to people
   */
  record FaultBegin(long at, long fault, String kind, String where, String detail)
      implements HistoryRecord {
    public FaultBegin {
      requireNonNull(kind, "kind");
      requireNonNull(where, "where");
      requireNonNull(detail, "detail");
    }
  }

  /** It is mended. A fault of a moment, such as a kill, may have no end. */
  record FaultEnd(long at, long fault) implements HistoryRecord {}

  /**
   * A consumer begins or goes on: a reader of the feed, or all instances of a durable subscription
   * or of a projection together.
   *
   * @param kind such as {@code feed}, {@code subscription} or {@code projection}; for people
   * @param prefix which streams it is to be given: those whose ids begin so; empty for all
   * @param after how many of its deliveries so far come before the place where it goes on: 0 from
   *     the beginning, and -1 where that is not known, as with an offset of another reader
   */
  record ConsumerStart(long at, String consumer, String kind, String prefix, long after)
      implements HistoryRecord {
    public ConsumerStart {
      requireNonNull(consumer, "consumer");
      requireNonNull(kind, "kind");
      requireNonNull(prefix, "prefix");
    }
  }

  /**
   * A consumer was given an event. Deliveries of one consumer stand in the file in their order. So
   * a consumer in another process must not go on, nor keep its place, before this is recorded:
   * otherwise its death makes a gap.
   */
  record Delivery(long at, String consumer, String stream, long version, String id)
      implements HistoryRecord {
    public Delivery {
      requireNonNull(consumer, "consumer");
      requireNonNull(stream, "stream");
      requireNonNull(id, "id");
    }
  }

  /** After all operations were over, a consumer has come to the end of what there was. */
  record CaughtUp(long at, String consumer) implements HistoryRecord {
    public CaughtUp {
      requireNonNull(consumer, "consumer");
    }
  }
}
