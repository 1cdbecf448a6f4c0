// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import static java.util.Objects.requireNonNull;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.pekko.persistence.query.Offset;
import org.jspecify.annotations.Nullable;

/**
 * A place in the feed of all events: where a reader begins, or how far it has come.
 *
 * <p>Every event comes with the offset after it; a reader that begins there is given what follows,
 * whatever its filter was. Offsets are vectors, a position for each writer whose log is not
 * finished: some ten bytes for each node, beside those that died in the last days. They have no
 * order that means something, and those of one feed mean nothing in another.
 *
 * <p>{@link #toString} and {@link #parse} are each other's inverse; the text is of letters, digits
 * and {@code : . , @ -} and fits into an HTTP header. Pekko's serialization knows offsets, so that
 * offset stores can keep them. Immutable.
 */
public final class FeedOffset extends Offset {
  private static final String NOW = "now";
  private static final String SINCE = "since:";

  private static final FeedOffset BEGINNING =
      of(new Place(Place.FIRST_WRITER, new TreeMap<>(), null));
  private static final FeedOffset AT_PRESENT = new FeedOffset(null, null);

  /**
   * How far all logs are read. A writer below {@code nextWriter} without a position is finished;
   * one from there on is not begun.
   *
   * @param nextWriter the number of the first writer that is not known
   * @param positions by the writer's number, the position of the first row that is not used up
   * @param within how much of one of these rows is
   */
  record Place(long nextWriter, SortedMap<Long, Long> positions, @Nullable Within within) {
    static final long FIRST_WRITER = 1;

    Place at(Within event) {
      return new Place(nextWriter, positions, event);
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

  private final @Nullable Place place;
  private final @Nullable Instant since;

  private FeedOffset(@Nullable Place place, @Nullable Instant since) {
    this.place = place;
    this.since = since;
  }

  static FeedOffset of(Place place) {
    return new FeedOffset(place, null);
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
    return new FeedOffset(null, requireNonNull(time, "time"));
  }

  /**
   * The offset that {@link #toString} wrote.
   *
   * @throws IllegalArgumentException if the text is none
   */
  public static FeedOffset parse(String text) {
    try {
      if (text.equals(NOW)) {
        return AT_PRESENT;
      }
      return text.startsWith(SINCE)
          ? since(Instant.parse(text.substring(SINCE.length())))
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
    SortedMap<Long, Long> positions = new TreeMap<>();
    if (colon >= 0) {
      for (String log : logs.substring(colon + 1).split(",", -1)) {
        String[] parts = log.split("\\.", -1);
        if (parts.length != 2 || positions.put(number(parts[0]), number(parts[1])) != null) {
          throw new IllegalArgumentException(log);
        }
      }
    }
    long next = number(colon < 0 ? logs : logs.substring(0, colon));
    if (!positions.isEmpty() && positions.lastKey() >= next) {
      throw new IllegalArgumentException(logs);
    }
    return new Place(next, positions, at < 0 ? null : within(text.substring(at + 1), positions));
  }

  private static Within within(String text, SortedMap<Long, Long> positions) {
    String[] parts = text.split("\\.", -1);
    Within within = new Within(number(parts[0]), Integer.parseInt(parts[1]), number(parts[2]));
    if (parts.length != 3 || within.entry() < 0 || !positions.containsKey(within.writer())) {
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
        new Place(
            Place.FIRST_WRITER + 1, new TreeMap<>(Map.of(Place.FIRST_WRITER, position)), null));
  }

  /**
   * The position that {@link #inSingleLog} was given, 1 at the beginning; empty for an offset that
   * is still to be found out.
   */
  public OptionalLong positionInSingleLog() {
    return place == null
        ? OptionalLong.empty()
        : OptionalLong.of(place.positions().getOrDefault(Place.FIRST_WRITER, 1L));
  }

  /** The time that {@link #since(Instant)} was given. */
  public Optional<Instant> since() {
    return Optional.ofNullable(since);
  }

  /** Empty where the place is still to be found out. */
  Optional<Place> place() {
    return Optional.ofNullable(place);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FeedOffset offset
        && Objects.equals(place, offset.place)
        && Objects.equals(since, offset.since);
  }

  @Override
  public int hashCode() {
    return Objects.hash(place, since);
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
    StringBuilder text = new StringBuilder().append(place.nextWriter());
    char separator = ':';
    for (var log : place.positions().entrySet()) {
      text.append(separator).append(log.getKey()).append('.').append(log.getValue());
      separator = ',';
    }
    Within within = place.within();
    if (within != null) {
      text.append('@').append(within.writer()).append('.').append(within.entry());
      text.append('.').append(within.sequenceNr());
    }
    return text.toString();
  }
}
