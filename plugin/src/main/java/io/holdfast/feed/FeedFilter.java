// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import static java.util.Objects.requireNonNull;

import io.holdfast.cassandra.EventRow;
import io.holdfast.fence.LogEntry;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which events of the feed a reader wants. Each method narrows the filter further; of several
 * values in one call, any will do.
 *
 * <pre>{@code
 * FeedFilter.all().entityType("Order").eventType("OrderPlaced", "OrderPaid").slices(0, 511)
 * }</pre>
 *
 * <p>What a filter leaves out is read from the logs, but not from the streams: an event costs
 * nothing that its batch does not match. Immutable.
 */
public final class FeedFilter {
  /** How many slices there are, as in Pekko: each persistence id is in one, by its hash. */
  public static final int NUMBER_OF_SLICES = 1024;

  private static final FeedFilter ALL =
      new FeedFilter(null, Set.of(), Set.of(), Set.of(), 0, NUMBER_OF_SLICES - 1);

  private final @Nullable String entityType;
  private final Set<String> categories;
  private final Set<String> eventTypes;
  private final Set<String> tags;
  private final int minSlice;
  private final int maxSlice;

  private FeedFilter(
      @Nullable String entityType,
      Set<String> categories,
      Set<String> eventTypes,
      Set<String> tags,
      int minSlice,
      int maxSlice) {
    this.entityType = entityType;
    this.categories = categories;
    this.eventTypes = eventTypes;
    this.tags = tags;
    this.minSlice = minSlice;
    this.maxSlice = maxSlice;
  }

  /** Every event of every stream. */
  public static FeedFilter all() {
    return ALL;
  }

  /**
   * Events of streams of a category: those whose ids begin with it and go on with {@code -} or
   * {@code |}. So {@code order} is the category of {@code order-17}, and of Pekko's entities of
   * type {@code order}.
   */
  public FeedFilter category(String... anyOf) {
    return new FeedFilter(
        entityType, narrowed("category", categories, anyOf), eventTypes, tags, minSlice, maxSlice);
  }

  /**
   * Events of Pekko's entities of one type, whose ids are the type, a {@code |} and the entity's
   * id; empty for ids without a {@code |}.
   */
  public FeedFilter entityType(String type) {
    requireNonNull(type, "type");
    if (entityType != null && !entityType.equals(type)) {
      throw new IllegalArgumentException(
          "entity type '%s': the filter asks for '%s' already".formatted(type, entityType));
    }
    return new FeedFilter(type, categories, eventTypes, tags, minSlice, maxSlice);
  }

  /**
   * Events of a type: the logical type name of an event store's event; of another persistent
   * actor's, the manifest that its event adapter gave, or else its serializer's.
   */
  public FeedFilter eventType(String... anyOf) {
    return new FeedFilter(
        entityType,
        categories,
        narrowed("event type", eventTypes, anyOf),
        tags,
        minSlice,
        maxSlice);
  }

  /** Events with a tag. */
  public FeedFilter tag(String... anyOf) {
    return new FeedFilter(
        entityType, categories, eventTypes, narrowed("tag", tags, anyOf), minSlice, maxSlice);
  }

  /**
   * Events of streams in a range of slices, so that several readers can share the work.
   *
   * @param min the lowest slice, from 0
   * @param max the highest slice, inclusive, up to 1,023
   */
  public FeedFilter slices(int min, int max) {
    if (min < 0 || min > max || max >= NUMBER_OF_SLICES) {
      throw new IllegalArgumentException(
          "slices %d to %d: must be a range within 0 to %d"
              .formatted(min, max, NUMBER_OF_SLICES - 1));
    }
    int low = Math.max(min, minSlice);
    int high = Math.min(max, maxSlice);
    if (low > high) {
      throw new IllegalArgumentException(
          "slices %d to %d: none of them is among %d to %d, which the filter asks for already"
              .formatted(min, max, minSlice, maxSlice));
    }
    return new FeedFilter(entityType, categories, eventTypes, tags, low, high);
  }

  private static Set<String> narrowed(String what, Set<String> before, String... anyOf) {
    requireNonNull(anyOf, "anyOf");
    if (Arrays.asList(anyOf).contains(null)) {
      throw new NullPointerException("anyOf: a %s is null".formatted(what));
    }
    if (anyOf.length == 0 || Arrays.stream(anyOf).anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException(
          "%s %s: name at least one, and none that is empty"
              .formatted(what, Arrays.toString(anyOf)));
    }
    Set<String> wanted = Set.copyOf(Arrays.asList(anyOf));
    if (before.isEmpty()) {
      return wanted;
    }
    Set<String> both = wanted.stream().filter(before::contains).collect(Collectors.toSet());
    if (both.isEmpty()) {
      throw new IllegalArgumentException(
          "%s %s: none of them is among %s, which the filter asks for already"
              .formatted(what, wanted, before));
    }
    return both;
  }

  /**
   * A range of slices.
   *
   * @param min the lowest, from 0
   * @param max the highest, inclusive
   */
  public record SliceRange(int min, int max) {}

  /**
   * The slices in ranges of equal length.
   *
   * @param ranges how many; a divisor of 1,024
   */
  public static List<SliceRange> sliceRanges(int ranges) {
    if (ranges < 1 || NUMBER_OF_SLICES % ranges != 0) {
      throw new IllegalArgumentException(
          "%d ranges of slices: must be a divisor of %d".formatted(ranges, NUMBER_OF_SLICES));
    }
    int length = NUMBER_OF_SLICES / ranges;
    return IntStream.range(0, ranges)
        .mapToObj(range -> new SliceRange(range * length, (range + 1) * length - 1))
        .toList();
  }

  /** The slice of a stream, from 0 to 1,023; Pekko's. */
  public static int sliceOf(String persistenceId) {
    return Math.abs(persistenceId.hashCode() % NUMBER_OF_SLICES);
  }

  /** Whether the stream is wanted at all. */
  public boolean includesStream(String persistenceId) {
    int slice = sliceOf(persistenceId);
    return slice >= minSlice
        && slice <= maxSlice
        && (entityType == null || entityType.equals(entityTypeOf(persistenceId)))
        && (categories.isEmpty()
            || categories.stream().anyMatch(category -> isOf(category, persistenceId)));
  }

  /**
   * The type of Pekko's entity with that persistence id: all before the first {@code |}; empty
   * where there is none. Every id has an answer, while Pekko's {@code extractEntityType} throws for
   * some, such as {@code a|b|}.
   */
  public static String entityTypeOf(String persistenceId) {
    return persistenceId.substring(0, Math.max(0, persistenceId.indexOf('|')));
  }

  private static boolean isOf(String category, String persistenceId) {
    int length = category.length();
    return persistenceId.length() > length
        && (persistenceId.charAt(length) == '-' || persistenceId.charAt(length) == '|')
        && persistenceId.startsWith(category);
  }

  /** Whether an event is wanted. */
  public boolean includes(String persistenceId, String eventType, Set<String> eventTags) {
    return includesStream(persistenceId)
        && (eventTypes.isEmpty() || eventTypes.contains(eventType))
        && isAny(tags, eventTags);
  }

  boolean includes(LogEntry batch) {
    return includesStream(batch.persistenceId())
        && isAny(eventTypes, batch.eventTypes())
        && isAny(tags, batch.tags());
  }

  boolean includes(EventRow event) {
    return includes(event.persistenceId(), event.type(), event.tags());
  }

  private static boolean isAny(Set<String> wanted, Set<String> found) {
    return wanted.isEmpty() || !Collections.disjoint(wanted, found);
  }
}
