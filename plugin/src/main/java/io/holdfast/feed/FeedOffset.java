// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import static java.util.Objects.requireNonNull;

import io.holdfast.fence.LogRow;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.persistence.query.Offset;
import org.jspecify.annotations.Nullable;

/**
 * A place in the feed of all events: where a reader begins, or how far it has come.
 *
 * <p>Every event comes with the offset after it; a reader that begins there is given what follows,
 * whatever its filter was. Offsets are vectors, a position for each writer whose log is begun and
 * not finished: some ten bytes for each node, beside those that died in the last days and at most
 * some dozens that a reader is just catching up with. They have no order that means something.
 * Those of one store mean nothing in another, which refuses them with a {@link
 * ForeignOffsetException}.
 *
 * <p>{@link #toString} and {@link #parse} are each other's inverse; the text is of letters, digits
 * and {@code : . , @ -} and fits into an HTTP header. Pekko's serialization knows offsets, so that
 * offset stores can keep them. Immutable.
 */
public final class FeedOffset extends Offset {
  private static final String NOW = "now";
  private static final String SINCE = "since:";

  private static final FeedOffset BEGINNING =
      of(new Place(Place.FIRST_WRITER, NumberRanges.EMPTY, new TreeMap<>(), null));
  private static final FeedOffset AT_PRESENT = new FeedOffset(null, null, null);

  private static final Pattern STORE = Pattern.compile("([0-9a-f]{16}):(.*)");

  /**
   * How far all logs are read. A writer below {@code nextWriter} that is neither in {@code unread}
   * nor has a position is finished; from there on, no log is begun.
   *
   * @param nextWriter the number of the first writer that is not known
   * @param unread the numbers of writers of whose logs nothing is used up
   * @param positions of the other logs by the writer's number, the position of the first row that
   *     is not used up, which is not the first of the log
   * @param within how much of one row is used up, the first of its log that is not so wholly
   */
  record Place(
      long nextWriter,
      NumberRanges unread,
      SortedMap<Long, Long> positions,
      @Nullable Within within) {
    static final long FIRST_WRITER = 1;

    /**
     * @param open the positions of all logs that are not finished
     */
    static Place of(long nextWriter, SortedMap<Long, Long> open) {
      NumberRanges unread = NumberRanges.EMPTY;
      SortedMap<Long, Long> positions = new TreeMap<>();
      for (Map.Entry<Long, Long> log : open.entrySet()) {
        if (log.getValue() == LogRow.FIRST_POSITION) {
          unread = unread.with(log.getKey(), log.getKey());
        } else {
          positions.put(log.getKey(), log.getValue());
        }
      }
      return new Place(nextWriter, unread, positions, null);
    }

    Place at(Within event) {
      return new Place(nextWriter, unread, positions, event);
    }
  }

  /**
   * A part of a row.
   *
   * @param writer the number of the row's writer
   * @param entry the index of the entry that is used up to, and with, {@code sequenceNr}, and those
   *     before it whole
   */
  record Within(long writer, int entry, long sequenceNr) {}

  /** Null where the place is in no store, as the beginning; or of an earlier build. */
  private final @Nullable String store;

  private final @Nullable Place place;
  private final @Nullable Instant since;

  private FeedOffset(@Nullable String store, @Nullable Place place, @Nullable Instant since) {
    this.store = store;
    this.place = place;
    this.since = since;
  }

  /** A place in whatever feed. */
  static FeedOffset of(Place place) {
    return new FeedOffset(null, place, null);
  }

  /**
   * The same place, in one store's feed.
   *
   * @param storeId 16 hexadecimal digits
   */
  public FeedOffset in(String storeId) {
    return new FeedOffset(storeId, place, since);
  }

  /**
   * Answers itself.
   *
   * @throws ForeignOffsetException if it is a place in another store's feed
   */
  public FeedOffset checkedFor(String storeId) {
    if (store != null && !store.equals(storeId)) {
      throw new ForeignOffsetException(
          this, "belongs to the store %s, and this is the store %s".formatted(store, storeId));
    }
    return this;
  }

  /** Before the first event. */
  public static FeedOffset beginning() {
    return BEGINNING;
  }

  /** Where the feed is when the reader begins: what is acknowledged later follows. */
  public static FeedOffset now() {
    return AT_PRESENT;
  }

  /**
   * Before the first event that was logged at that time or later, by the clock of the node that
   * wrote it; some earlier ones may follow as well.
   */
  public static FeedOffset since(Instant time) {
    return new FeedOffset(null, null, requireNonNull(time, "time"));
  }

  /**
   * The offset that {@link #toString} wrote.
   *
   * @throws IllegalArgumentException if the text is none
   */
  public static FeedOffset parse(String text) {
    requireNonNull(text, "text");
    try {
      if (text.equals(NOW)) {
        return AT_PRESENT;
      }
      if (text.startsWith(SINCE)) {
        return since(Instant.parse(text.substring(SINCE.length())));
      }
      Matcher inStore = STORE.matcher(text);
      return inStore.matches()
          ? of(parsePlace(inStore.group(2))).in(inStore.group(1))
          : of(parsePlace(text));
    } catch (DateTimeException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "'%s' is no offset of the feed; it is what FeedOffset.toString gives, 'now', or 'since:' and a time like 2026-01-31T12:00:00Z"
              .formatted(text.length() > 100 ? text.substring(0, 100) + "…" : text),
          e);
    }
  }

  private static Place parsePlace(String text) {
    int at = text.indexOf('@');
    String logs = at < 0 ? text : text.substring(0, at);
    int colon = logs.indexOf(':');
    long next = number(colon < 0 ? logs : logs.substring(0, colon));
    NumberRanges unread = NumberRanges.EMPTY;
    SortedMap<Long, Long> positions = new TreeMap<>();
    long last = 0;
    for (String log : colon < 0 ? new String[0] : logs.substring(colon + 1).split(",", -1)) {
      boolean isRange = log.indexOf('-') >= 0;
      String[] parts = log.split(isRange ? "-" : "\\.", -1);
      long first = number(parts[0]);
      long second = number(parts[1]);
      if (parts.length != 2 || first <= last) {
        throw new IllegalArgumentException(log);
      }
      last = isRange ? second : first;
      if (last < first || last >= next) {
        throw new IllegalArgumentException(log);
      }
      if (isRange || second == LogRow.FIRST_POSITION) {
        unread = unread.with(first, last);
      } else {
        positions.put(first, second);
      }
    }
    Place place = new Place(next, unread, positions, null);
    return at < 0 ? place : place.at(within(text.substring(at + 1), place));
  }

  private static Within within(String text, Place place) {
    String[] parts = text.split("\\.", -1);
    Within within = new Within(number(parts[0]), Integer.parseInt(parts[1]), number(parts[2]));
    boolean isOpen =
        place.positions().containsKey(within.writer()) || place.unread().contains(within.writer());
    if (parts.length != 3 || within.entry() < 0 || !isOpen) {
      throw new IllegalArgumentException(text);
    }
    return within;
  }

  private static long number(String text) {
    long number = Long.parseLong(text);
    if (number < 1) {
      throw new IllegalArgumentException(text);
    }
    return number;
  }

  /**
   * The place in a feed that has a single log, as a store in memory has.
   *
   * @param position of the event that follows, from 1
   */
  public static FeedOffset inSingleLog(long position) {
    return of(
        Place.of(Place.FIRST_WRITER + 1, new TreeMap<>(Map.of(Place.FIRST_WRITER, position))));
  }

  /**
   * The position that {@link #inSingleLog} was given, 1 at the beginning; empty for an offset that
   * is still to be found out.
   */
  public OptionalLong positionInSingleLog() {
    return place == null
        ? OptionalLong.empty()
        : OptionalLong.of(
            place.positions().getOrDefault(Place.FIRST_WRITER, LogRow.FIRST_POSITION));
  }

  /** The time that {@link #since(Instant)} was given. */
  public Optional<Instant> since() {
    return Optional.ofNullable(since);
  }

  /** Whether the place is known, and not still to be found out as that of {@link #now} is. */
  public boolean isKnown() {
    return place != null;
  }

  /** Empty where the place is still to be found out. */
  Optional<Place> place() {
    return Optional.ofNullable(place);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FeedOffset offset
        && Objects.equals(store, offset.store)
        && Objects.equals(place, offset.place)
        && Objects.equals(since, offset.since);
  }

  @Override
  public int hashCode() {
    return Objects.hash(store, place, since);
  }

  /** The text form; see {@link #parse}. */
  @Override
  public String toString() {
    if (since != null) {
      return SINCE + since;
    }
    if (place == null) {
      return NOW;
    }
    SortedMap<Long, String> logs = new TreeMap<>();
    place.positions().forEach((writer, position) -> logs.put(writer, writer + "." + position));
    place
        .unread()
        .ranges()
        .forEach(
            (first, last) -> logs.put(first, first + (first.equals(last) ? ".1" : "-" + last)));
    StringBuilder text = new StringBuilder(store == null ? "" : store + ":");
    text.append(place.nextWriter());
    if (!logs.isEmpty()) {
      text.append(':').append(String.join(",", logs.values()));
    }
    Within within = place.within();
    if (within != null) {
      text.append('@').append(within.writer()).append('.').append(within.entry());
      text.append('.').append(within.sequenceNr());
    }
    return text.toString();
  }
}
