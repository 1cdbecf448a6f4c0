// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.eventstore.protocol.StreamChange;
import io.holdfast.eventstore.protocol.StreamMetadata;
import io.holdfast.eventstore.protocol.StreamReply;
import io.holdfast.serialization.EventData;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a stream decides: whether an append takes place, was made already, or is refused, and what a
 * change means. Knows no actor, no storage and no time, so that all event stores decide alike. Not
 * thread-safe.
 */
public final class StreamState {
  /** What becomes of an append. */
  public sealed interface Decision {}

  /** Its events follow the stream's. */
  public record Append() implements Decision {}

  /** It is answered without being written. */
  public record Refuse(StreamReply.ToAppend reply) implements Decision {}

  /**
   * It may have been made already: the events of these versions are to be read, and compared by
   * {@link Duplicates#answer}.
   *
   * @param fromVersion the first that is kept of those where its events would stand; as many are
   *     read as the append has events, less if the stream ends before
   * @param otherwise the answer if none of its events is among them
   */
  public record Compare(long fromVersion, StreamReply.ToAppend otherwise) implements Decision {}

  /**
   * What a change does to storage.
   *
   * @param deleteTo events up to this version are deleted; 0 for none
   * @param properties what is kept with the stream from now on; empty if that stays as it is
   */
  public record Effect(long deleteTo, Optional<StreamProperties> properties) {}

  private static final Append APPEND = new Append();

  private final RecentIds.Window window;
  private long version;
  private long deletedTo;
  private StreamProperties properties;
  private @Nullable RecentIds recentIds;

  StreamState(RecentIds.Window window, long version, long deletedTo, StreamProperties properties) {
    this.window = window;
    this.version = version;
    this.deletedTo = deletedTo;
    this.properties = properties;
  }

  /** A stream that has no event yet. */
  public static StreamState empty(StreamEntitySettings settings) {
    StreamState state = new StreamState(settings.recentIds(), 0, 0, StreamProperties.NONE);
    state.beginRecentIds();
    return state;
  }

  public long version() {
    return version;
  }

  public long deletedTo() {
    return deletedTo;
  }

  public StreamMetadata metadata() {
    return properties.metadata();
  }

  public StreamReply.Info info() {
    return new StreamReply.Info(
        version,
        deletedTo,
        properties.closed(),
        properties.metadata(),
        properties.metadataRevision());
  }

  private boolean exists() {
    return version > deletedTo;
  }

  /** Storage may have let go of what is not kept, or not yet: it makes no difference. */
  private long firstKept() {
    return KeptEvents.firstVersion(info());
  }

  /** From now on, this knows recent ids, of the events that are added next. */
  void beginRecentIds() {
    recentIds = new RecentIds(window);
  }

  /** Adds the id of an event that is stored. In the order of versions. */
  void addRecentId(String id, long eventVersion, long timestampMillis) {
    if (recentIds != null) {
      recentIds.add(id, eventVersion, timestampMillis);
    }
  }

  /**
   * Whether an append can only be decided with the ids of recent events, and they are not known: it
   * would take place, but for its ids.
   */
  boolean needsRecentIds(ExpectedVersion expected, boolean freshIds) {
    return recentIds == null && !freshIds && exists() && isAsExpected(expected);
  }

  private boolean isAsExpected(ExpectedVersion expected) {
    if (expected instanceof ExpectedVersion.Exactly exactly) {
      return exactly.version() == version;
    } else if (expected instanceof ExpectedVersion.NoStream) {
      return !exists();
    }
    return expected instanceof ExpectedVersion.Any || exists();
  }

  /**
   * What becomes of an append at the stream's present version.
   *
   * @param freshIds whether none of its ids should be stored already: they are looked for only
   *     where that costs nothing
   */
  public Decision decide(List<EventData> events, ExpectedVersion expected, boolean freshIds) {
    boolean asExpected = isAsExpected(expected);
    StreamReply.ToAppend refusal =
        properties.closed()
            ? new StreamReply.Closed()
            : new StreamReply.Conflict(expected, version, null);
    boolean mayBeStored = !events.isEmpty() && exists();
    if (!asExpected) {
      OptionalLong position =
          mayBeStored && !freshIds
              ? expectedPosition(events.size(), expected)
              : OptionalLong.empty();
      return position.isPresent()
          ? new Compare(position.getAsLong(), refusal)
          : new Refuse(refusal);
    }
    Optional<Decision> duplicate = mayBeStored ? findDuplicate(events, expected) : Optional.empty();
    if (duplicate.isPresent()) {
      return duplicate.get();
    }
    return properties.closed() ? new Refuse(refusal) : APPEND;
  }

  /**
   * The first version that is kept of those where the events would stand had the append been made
   * when the stream was as expected.
   */
  private OptionalLong expectedPosition(int count, ExpectedVersion expected) {
    long first = firstKept();
    if (expected instanceof ExpectedVersion.Exactly exactly) {
      long last = exactly.version() + count;
      if (last < first) {
        return OptionalLong.empty();
      }
      first = Math.max(first, exactly.version() + 1);
    } else if (!(expected instanceof ExpectedVersion.NoStream)) {
      return OptionalLong.empty();
    }
    return first <= version ? OptionalLong.of(first) : OptionalLong.empty();
  }

  private Optional<Decision> findDuplicate(List<EventData> events, ExpectedVersion expected) {
    for (int i = 0; i < events.size(); i++) {
      String id = events.get(i).id();
      OptionalLong stored = recentIds == null ? OptionalLong.empty() : recentIds.versionOf(id);
      if (stored.isPresent() && stored.getAsLong() >= firstKept()) {
        StreamReply.ToAppend refusal =
            properties.closed()
                ? new StreamReply.Closed()
                : Duplicates.standsAt(id, stored.getAsLong(), expected, version);
        long first = stored.getAsLong() - i;
        boolean anywhere = !(expected instanceof ExpectedVersion.Exactly);
        return Optional.of(
            anywhere && first >= 1
                ? new Compare(Math.max(first, firstKept()), refusal)
                : new Refuse(refusal));
      }
    }
    return Optional.empty();
  }

  /**
   * The events follow the stream's.
   *
   * @param freshIds as {@link #decide} was told
   */
  public void append(List<EventData> events, boolean freshIds, long timestampMillis) {
    if (!exists() && !freshIds && recentIds == null) {
      // The first that need them; and there are no others yet, which would have to be read.
      beginRecentIds();
    }
    for (EventData event : events) {
      version++;
      addRecentId(event.id(), version, timestampMillis);
    }
  }

  /** The refusal of a change that expects something else; empty if it takes place. */
  public Optional<StreamReply.ToChange> refuseChange(
      StreamChange change, ExpectedVersion expected) {
    if (!isAsExpected(expected)) {
      return Optional.of(new StreamReply.Conflict(expected, version, null));
    }
    if (change instanceof StreamChange.SetMetadata set
        && set.atRevision().isPresent()
        && set.atRevision().getAsLong() != properties.metadataRevision()) {
      return Optional.of(
          new StreamReply.Conflict(
              expected,
              version,
              "the stream's metadata is at revision %d, not %d"
                  .formatted(properties.metadataRevision(), set.atRevision().getAsLong())));
    }
    return Optional.empty();
  }

  /** What a change does to the stream as it is now. */
  public Effect effectOf(StreamChange change) {
    if (change instanceof StreamChange.Truncate truncate) {
      return new Effect(Math.min(truncate.beforeVersion() - 1, version), Optional.empty());
    } else if (change instanceof StreamChange.Delete) {
      return new Effect(version, Optional.empty());
    } else if (change instanceof StreamChange.SetMetadata set) {
      // What is not kept until now does not come back with other metadata.
      return new Effect(firstKept() - 1, Optional.of(properties.with(set.metadata())));
    }
    return new Effect(deletedTo, Optional.of(properties.close()));
  }

  /** The effect has taken place. */
  public void change(Effect effect) {
    deletedTo = Math.max(deletedTo, effect.deleteTo());
    properties = effect.properties().orElse(properties);
    if (recentIds != null) {
      recentIds.forgetTo(deletedTo);
    }
  }
}
