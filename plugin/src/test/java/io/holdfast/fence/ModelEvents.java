// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import io.holdfast.fence.ModelStorage.Violation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one stream as Cassandra's replicas have them: three, of which any two answer a
 * request, or a single one that stands for all where replicas are not what is searched.
 *
 * <p>A row has two cells, its header and its content, each with the write time of the whole. A read
 * merges what two replicas have, cell by cell, and before it is answered writes the outcome back to
 * both: of the rows and cells that were asked for, and of nothing else.
 */
final class ModelEvents {
  /** A row that takes the place of a rejected event: its header says so, and it has no content. */
  static final String FILLER = "filler";

  /** The event of a row whose content is missing. */
  private static final String TORN = "torn";

  /** A row as it was written. */
  record Row(
      long sequenceNr,
      long epoch,
      String event,
      long batchFirst,
      long batchLast,
      UUID writer,
      long logPosition) {
    boolean isFiller() {
      return event.equals(FILLER);
    }
  }

  /** Which cells of a row a request touches. */
  enum Part {
    WHOLE,
    HEADER,
    CONTENT;

    private Cells of(Cells cells) {
      return new Cells(
          this == CONTENT ? null : cells.header, this == HEADER ? null : cells.content);
    }
  }

  /** The two replicas that answer a request; twice the same where there is one. */
  record Pair(int first, int second) {
    static final Pair SINGLE = new Pair(0, 0);

    @Override
    public String toString() {
      return first == second ? "" : " @" + "ABC".charAt(first) + "ABC".charAt(second);
    }
  }

  /** What a replica has of a row; each cell is of the row that was written last. */
  private record Cells(@Nullable Row header, @Nullable Row content) {
    static Cells of(Row row) {
      return new Cells(row, row.isFiller() ? null : row);
    }

    Cells mergedWith(Cells other) {
      return new Cells(later(header, other.header), later(content, other.content));
    }

    private static @Nullable Row later(@Nullable Row one, @Nullable Row other) {
      if (one == null || other == null) {
        return one == null ? other : one;
      }
      if (one.epoch == other.epoch && !one.equals(other)) {
        throw new Violation("two rows of one write time merge: " + one + " and " + other);
      }
      return one.epoch >= other.epoch ? one : other;
    }

    Cells without(Predicate<Row> cleared) {
      return new Cells(
          header != null && cleared.test(header) ? null : header,
          content != null && cleared.test(content) ? null : content);
    }

    boolean isEmpty() {
      return header == null && content == null;
    }

    /** Whether the row has what its header says. */
    boolean isWhole() {
      return header != null && (header.isFiller() || content != null);
    }
  }

  /**
   * Rows that are gone, whether they are written before or after.
   *
   * @param partition where, or {@link #ANYWHERE}
   * @param after the highest sequence number that stays
   * @param to the highest sequence number that does not
   */
  record Clearing(long partition, long after, long to, long epoch) {
    static final long ANYWHERE = -1;

    boolean covers(long rowPartition, Row row) {
      return (partition == ANYWHERE || partition == rowPartition)
          && row.sequenceNr() > after
          && row.sequenceNr() <= to
          && row.epoch() <= epoch;
    }

    boolean includes(Clearing other) {
      return (partition == ANYWHERE || partition == other.partition)
          && after <= other.after
          && to >= other.to
          && epoch >= other.epoch;
    }

    /** What of it a read of some rows sees. */
    private Clearing within(Slice slice) {
      return new Clearing(
          slice.partition, Math.max(after, slice.from - 1), Math.min(to, slice.to), epoch);
    }

    private String shortened() {
      return "-" + partition + ":" + after + ":" + to + ":" + epoch;
    }

    private boolean touches(Slice slice) {
      return (partition == ANYWHERE || partition == slice.partition)
          && after < slice.to
          && to >= slice.from;
    }
  }

  /** Rows of one partition, both ends inclusive. */
  record Slice(long partition, long from, long to) {
    boolean has(long key) {
      return key >= key(partition, from) && key <= key(partition, Math.min(to, 999));
    }
  }

  private final class Replica {
    final TreeMap<Long, Cells> rows = new TreeMap<>();
    final List<Clearing> clearings = new ArrayList<>();
    private @Nullable String described;

    void put(long key, Cells cells) {
      Cells before = rows.get(key);
      Cells left = (before == null ? cells : before.mergedWith(cells)).without(this::isCleared);
      if (left.isEmpty()) {
        rows.remove(key);
      } else {
        rows.put(key, left);
      }
      described = null;
    }

    void clear(Clearing clearing) {
      if (clearings.stream().noneMatch(other -> other.includes(clearing))) {
        clearings.removeIf(clearing::includes);
        clearings.add(clearing);
        described = null;
        List.copyOf(rows.keySet()).forEach(key -> put(key, new Cells(null, null)));
      }
    }

    boolean isCleared(Row row) {
      return clearings.stream().anyMatch(clearing -> clearing.covers(partition(row), row));
    }

    void forgetAll() {
      rows.clear();
      clearings.clear();
      described = null;
    }

    String describe() {
      String known = described;
      if (known != null) {
        return known;
      }
      StringBuilder state = new StringBuilder();
      rows.forEach(
          (key, cells) -> {
            state.append(key).append(':');
            describe(state, cells.header);
            if (!Objects.equals(cells.content, cells.header)) {
              state.append('/');
              describe(state, cells.content);
            }
          });
      clearings.stream().map(Clearing::shortened).sorted().forEach(state::append);
      known = state.toString();
      described = known;
      return known;
    }

    private void describe(StringBuilder state, @Nullable Row row) {
      if (row != null) {
        state.append(row.epoch()).append(row.event());
        if (row.logPosition() != StoredBatch.UNLOGGED) {
          state.append('@').append(row.logPosition());
        }
      }
      state.append(' ');
    }
  }

  private final List<Replica> replicas = new ArrayList<>();
  private final int partitionSize;

  ModelEvents(int replicas, int partitionSize) {
    this.partitionSize = partitionSize;
    for (int i = 0; i < replicas; i++) {
      this.replicas.add(new Replica());
    }
  }

  int replicas() {
    return replicas.size();
  }

  private static long key(long partition, long sequenceNr) {
    return partition * 1_000 + sequenceNr;
  }

  long partition(Row row) {
    return partitionAfter(row.batchFirst() - 1);
  }

  long partitionAfter(long sequenceNr) {
    return sequenceNr / partitionSize;
  }

  // Writes, one replica at a time.

  void write(int replica, Row row) {
    replicas.get(replica).put(key(partition(row), row.sequenceNr()), Cells.of(row));
  }

  void clear(int replica, Clearing clearing) {
    replicas.get(replica).clear(clearing);
  }

  /** Whether to write the row there would change nothing, now and for ever. */
  boolean isSpent(int replica, Row row) {
    Replica at = replicas.get(replica);
    Cells there = at.rows.get(key(partition(row), row.sequenceNr()));
    return at.isCleared(row) || (there != null && there.mergedWith(Cells.of(row)).equals(there));
  }

  boolean isSpent(int replica, Clearing clearing) {
    return replicas.get(replica).clearings.stream().anyMatch(other -> other.includes(clearing));
  }

  /** Everything that the replica had is lost. */
  void replace(int replica) {
    replicas.get(replica).forgetAll();
  }

  // Reads at quorum.

  private NavigableMap<Long, Cells> merged(Pair pair) {
    Replica one = replicas.get(pair.first);
    Replica other = replicas.get(pair.second);
    if (one == other) {
      return one.rows;
    }
    TreeMap<Long, Cells> merged = new TreeMap<>(one.rows);
    other.rows.forEach((key, cells) -> merged.merge(key, cells, Cells::mergedWith));
    merged.replaceAll(
        (key, cells) -> cells.without(row -> one.isCleared(row) || other.isCleared(row)));
    merged.values().removeIf(Cells::isEmpty);
    return merged;
  }

  /** Makes both replicas alike, in what was read. */
  void repair(Pair pair, List<Slice> slices, Part part) {
    if (pair.first == pair.second) {
      return;
    }
    NavigableMap<Long, Cells> merged = new TreeMap<>(merged(pair));
    for (Slice slice : slices) {
      List<Clearing> cleared =
          Stream.of(pair.first, pair.second)
              .flatMap(replica -> replicas.get(replica).clearings.stream())
              .filter(clearing -> clearing.touches(slice))
              .map(clearing -> clearing.within(slice))
              .toList();
      for (int replica : new int[] {pair.first, pair.second}) {
        cleared.forEach(replicas.get(replica)::clear);
        merged.forEach(
            (key, cells) -> {
              if (slice.has(key)) {
                replicas.get(replica).put(key, part.of(cells));
              }
            });
      }
    }
  }

  /** The rows of a slice that have a header, in order; those with all of their cells, or all. */
  List<Row> read(Pair pair, Slice slice, boolean wholeOnly) {
    List<Row> found = new ArrayList<>();
    merged(pair)
        .forEach(
            (key, cells) -> {
              if (slice.has(key) && cells.header != null && (!wholeOnly || cells.isWhole())) {
                found.add(cells.header);
              }
            });
    return found;
  }

  /** The last row of a partition that has a header, and what had to be read to find it. */
  @Nullable Row last(Pair pair, long partition, List<Slice> readTo) {
    Row last = null;
    for (Cells cells :
        merged(pair)
            .subMap(key(partition, 0), true, key(partition + 1, 0), false)
            .descendingMap()
            .values()) {
      if (cells.header != null) {
        last = cells.header;
        break;
      }
    }
    readTo.add(new Slice(partition, last == null ? 1 : last.sequenceNr(), Long.MAX_VALUE));
    return last;
  }

  /** The highest partition that any replica has anything of. */
  long lastPartition() {
    return replicas.stream()
        .filter(replica -> !replica.rows.isEmpty())
        .mapToLong(replica -> replica.rows.lastKey() / 1_000)
        .max()
        .orElse(0);
  }

  /** Every slice that there is something in. */
  List<Slice> everything() {
    List<Slice> all = new ArrayList<>();
    for (long partition = 0; partition <= lastPartition(); partition++) {
      all.add(new Slice(partition, 1, Long.MAX_VALUE));
    }
    return all;
  }

  /**
   * The events that a walk over the partitions finds, those that are deleted before them.
   *
   * @param absence whether a row without content is taken for a filler
   */
  List<Row> history(Pair pair, long deletedTo, boolean absence) {
    List<Row> found = new ArrayList<>();
    long last = 0;
    while (last < deletedTo) {
      found.add(new Row(++last, 0, ModelStorage.DELETED, 0, 0, new UUID(0, 0), 0));
    }
    NavigableMap<Long, Cells> merged = merged(pair);
    // A batch that crosses a border, and is deleted in part, lies before the border.
    long partition = Math.max(0, last / partitionSize - 1);
    while (true) {
      for (Cells cells : merged.subMap(key(partition, 0), key(partition + 1, 0)).values()) {
        Row header = cells.header;
        if (header != null && header.sequenceNr() == last + 1) {
          found.add(as(header, event(cells, absence)));
          last++;
        }
      }
      if (last / partitionSize <= partition) {
        return found;
      }
      partition = last / partitionSize;
    }
  }

  private static String event(Cells cells, boolean absence) {
    Row content = cells.content;
    return cells.isWhole() ? content == null ? FILLER : content.event() : absence ? FILLER : TORN;
  }

  private static Row as(Row row, String event) {
    return new Row(
        row.sequenceNr(),
        row.epoch(),
        event,
        row.batchFirst(),
        row.batchLast(),
        row.writer(),
        row.logPosition());
  }

  /** The rows up to a sequence number that two replicas show. */
  List<Row> upTo(Pair pair, long sequenceNr) {
    return merged(pair).values().stream()
        .flatMap(cells -> Stream.ofNullable(cells.header == null ? cells.content : cells.header))
        .filter(row -> row.sequenceNr() <= sequenceNr)
        .sorted(Comparator.comparingLong(Row::sequenceNr))
        .toList();
  }

  /** Which replicas differ, in one state. */
  final class Differences {
    private final List<String> states;
    private final List<Pair> pairs;

    /**
     * @param marks what else tells replicas apart
     */
    Differences(List<String> marks) {
      this.states = states(marks);
      this.pairs = pairs();
    }

    private List<Pair> pairs() {
      if (replicas.size() == 1) {
        return List.of(Pair.SINGLE);
      }
      Set<String> known = new HashSet<>();
      List<Pair> unlike = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        for (int j = i + 1; j < 3; j++) {
          boolean ordered = states.get(i).compareTo(states.get(j)) < 0;
          if (known.add(states.get(ordered ? i : j) + "+" + states.get(ordered ? j : i))) {
            unlike.add(new Pair(i, j));
          }
        }
      }
      return unlike;
    }

    /** The pairs that may answer a request, of those that are alike one. */
    List<Pair> unlikePairs() {
      return pairs;
    }

    /** Of the given replicas, of those that are alike one. */
    List<Integer> unlike(Set<Integer> some) {
      Set<String> known = new HashSet<>();
      return some.stream().filter(replica -> known.add(states.get(replica))).toList();
    }
  }

  private List<String> states(List<String> marks) {
    List<String> states = new ArrayList<>();
    for (int i = 0; i < replicas.size(); i++) {
      String mark = marks.get(i);
      String known = replicas.get(i).describe();
      states.add(mark.isEmpty() ? known : known + mark);
    }
    return states;
  }

  /** The replicas' order makes no difference. */
  void describe(StringBuilder state, List<String> marks) {
    states(marks).stream().sorted().forEach(one -> state.append(one).append('|'));
  }
}
