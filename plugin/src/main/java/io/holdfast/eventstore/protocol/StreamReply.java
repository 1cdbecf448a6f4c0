// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.protocol;

import static java.util.Objects.requireNonNull;

import io.holdfast.serialization.RecordedEvent;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a stream answers. */
public sealed interface StreamReply extends StreamMessage {
  /** What answers {@link StreamCommand.Append} and {@link StreamCommand.AppendBatch}. */
  sealed interface ToAppend extends StreamReply {}

  /** What answers {@link StreamCommand.Read}. */
  sealed interface ToRead extends StreamReply {}

  /** What answers {@link StreamCommand.GetVersion}. */
  sealed interface ToGetVersion extends StreamReply {}

  /** What answers {@link StreamCommand.Exists}. */
  sealed interface ToExists extends StreamReply {}

  /** What answers {@link StreamCommand.GetInfo}. */
  sealed interface ToGetInfo extends StreamReply {}

  /** What answers {@link StreamCommand.Change}. */
  sealed interface ToChange extends StreamReply {}

  /** What answers any command that asks for an answer. */
  sealed interface ToAny extends ToAppend, ToRead, ToGetVersion, ToExists, ToGetInfo, ToChange {}

  /**
   * The events are stored.
   *
   * @param currentVersion the version of the last one; of an empty batch, the stream's version
   * @param timestampMillis when they were recorded, in milliseconds since 1970
   */
  record Appended(long currentVersion, long timestampMillis) implements ToAppend {}

  /**
   * The events were stored already, by an earlier append with the same ids. Nothing was written.
   *
   * @param events the events as they are stored, in order, at consecutive versions; those that the
   *     stream no longer keeps as they were sent
   */
  record AlreadyAppended(List<EventAt> events) implements ToAppend {
    public AlreadyAppended {
      events = List.copyOf(events);
    }
  }

  /**
   * The stream is not as expected, or has events with ids of the append already. Nothing was
   * written.
   *
   * @param reason which ids stand where; {@code null} if the version alone is the reason
   */
  record Conflict(ExpectedVersion expectedVersion, long actualVersion, @Nullable String reason)
      implements ToAppend, ToChange {
    public Conflict {
      requireNonNull(expectedVersion, "expectedVersion");
    }
  }

  /** The stream is closed: nothing can be appended any more. */
  record Closed() implements ToAppend {}

  /** The command breaks a rule, which {@code reason} names with its limit. Nothing was written. */
  record Rejected(String reason) implements ToAppend, ToRead, ToChange {
    public Rejected {
      requireNonNull(reason, "reason");
    }
  }

  /**
   * Too many appends wait in this stream, or its node reads too much at a time. Nothing was
   * written; try again later.
   */
  record Overloaded(String reason) implements ToAny {
    public Overloaded {
      requireNonNull(reason, "reason");
    }
  }

  /** The stream or its storage cannot be used right now. Nothing was written; try again later. */
  record Unavailable(String reason) implements ToAny {
    public Unavailable {
      requireNonNull(reason, "reason");
    }
  }

  /** The events may be stored, or the change made; or they may be yet. */
  record Unknown(String reason) implements ToAppend, ToChange {
    public Unknown {
      requireNonNull(reason, "reason");
    }
  }

  /** The stream's version; 0 if it does not exist. */
  record Version(long version) implements ToGetVersion {}

  /** Whether the stream has an event. */
  record Existence(boolean exists) implements ToExists {}

  /**
   * What is known of the stream but its events.
   *
   * @param version the stream's version; 0 if it never had an event
   * @param deletedTo events up to this version are deleted; 0 for none
   * @param closed whether nothing can be appended any more
   * @param metadataRevision how often the metadata was set
   */
  record Info(
      long version, long deletedTo, boolean closed, StreamMetadata metadata, long metadataRevision)
      implements ToGetInfo, ToChange {
    public Info {
      requireNonNull(metadata, "metadata");
    }

    /** Whether the stream has an event. */
    public boolean exists() {
      return version > deletedTo;
    }
  }

  /**
   * A page of events.
   *
   * @param events the events in the order that was asked for
   * @param continueFrom the next {@code fromVersion} (backwards: {@code toVersion}) if the range
   *     holds more; empty if this is all
   * @param currentVersion the stream's version when the read began
   */
  record Page(List<EventAt> events, OptionalLong continueFrom, long currentVersion)
      implements ToRead {
    public Page {
      events = List.copyOf(events);
      requireNonNull(continueFrom, "continueFrom");
    }
  }

  /** An event at its version. */
  record EventAt(long version, RecordedEvent event) {
    public EventAt {
      requireNonNull(event, "event");
    }
  }
}
