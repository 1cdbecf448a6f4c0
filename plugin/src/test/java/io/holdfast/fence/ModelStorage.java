// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.fence.FenceException.Effect;
import io.holdfast.fence.ModelEvents.Clearing;
import io.holdfast.fence.ModelEvents.Pair;
import io.holdfast.fence.ModelEvents.Row;
import io.holdfast.fence.ModelEvents.Slice;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Cassandra as the protocol sees it, for one stream: each request takes effect at one moment, which
 * the search chooses, and is answered; or its answer is lost, and it takes effect at any later time
 * or never.
 *
 * <p>Where the bounds ask for them, the stream's events have three {@linkplain ModelEvents
 * replicas}: a write is answered when it has reached two, and reaches the third later or never; one
 * without an answer reaches any of them; and a read is answered by two. All else is a single row
 * that is read and written whole, which behaves alike with one replica and with three: what a read
 * shows is at quorum from then on, and a write that reached too few takes effect with the first
 * read that sees it. Without replicas, the reader of a tail may still see the last row of a batch
 * that has not taken effect, and make that one readable to all.
 *
 * <p>That an answer may arrive long after the effect needs no steps of its own: whatever happens
 * meanwhile could as well happen before what the answer sets off. An answer that is lost after the
 * effect is one that is lost before, with the effect coming at once. Rows that are cleared, and
 * requests that can have no effect any more, are dropped, so that states that differ in nothing
 * else are one.
 */
final class ModelStorage {
  /** A violation of the protocol that storage sees by itself. */
  static final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Violation(String message) {
      super(message);
    }
  }

  /** What a request does to storage. */
  private interface Effectful<T> {
    T takeEffect();

    /** Whether it could not make a difference any more. */
    default boolean isSpent() {
      return false;
    }
  }

  /** What a request reads from two replicas, or writes to them. */
  private interface Replicated<T> extends Effectful<T> {
    T takeEffect(Pair pair);

    @Override
    default T takeEffect() {
      return takeEffect(Pair.SINGLE);
    }
  }

  /** What a request writes to each replica by itself. */
  private interface ReplicatedWrite extends Replicated<Boolean> {
    void reach(int replica);

    boolean isSpent(int replica);

    @Override
    default Boolean takeEffect(Pair pair) {
      reach(pair.first());
      reach(pair.second());
      return true;
    }
  }

  /** A request that has no answer yet. */
  final class Request {
    final int writer;
    final String label;
    private final boolean write;
    private final boolean conditional;
    private final Effectful<?> effect;
    private final CompletableFuture<@Nullable Object> future = new CompletableFuture<>();
    private boolean expired;

    /** The replicas that it has not reached, if it is a write to replicas. */
    private final TreeSet<Integer> remaining = new TreeSet<>();

    private Request(
        int writer, String label, boolean write, boolean conditional, Effectful<?> effect) {
      this.writer = writer;
      this.label = label;
      this.write = write;
      this.conditional = conditional;
      this.effect = effect;
      for (int i = 0; i < events.replicas() && effect instanceof ReplicatedWrite; i++) {
        remaining.add(i);
      }
    }

    /** Whether an actor waits for it, perhaps. */
    boolean isOfActor() {
      return !label.startsWith(LOG) && !label.equals(PAUSE);
    }

    /** A marker that gets no answer is sent again, as if the first one had come later. */
    boolean mayBeLost() {
      return write && !(effect instanceof Log log && log.isMarker());
    }

    /** A row of the log that is replaced where storage refuses it. */
    boolean isBatchesRow() {
      return effect instanceof Log log && !log.isMarker();
    }

    boolean isExpired() {
      return expired;
    }

    /** The replicas that may answer it. */
    List<Pair> pairs(ModelEvents.Differences replicas) {
      return effect instanceof Replicated ? replicas.unlikePairs() : List.of(Pair.SINGLE);
    }

    void succeed(Pair pair) {
      requests.remove(this);
      Object result =
          effect instanceof Replicated<?> replicated
              ? replicated.takeEffect(pair)
              : effect.takeEffect();
      remaining.remove(pair.first());
      remaining.remove(pair.second());
      if (hints && !remaining.isEmpty()) {
        orphans.add(this);
      }
      prune();
      future.complete(result);
    }

    /** The replicas that it may reach, and no other with it. */
    List<Integer> reachable(ModelEvents.Differences replicas) {
      return events.replicas() > 1 ? replicas.unlike(remaining) : List.of();
    }

    /** Whether it may reach a replica before it is answered. */
    boolean mayReachOne() {
      return remaining.size() == 3;
    }

    void reach(int replica) {
      remaining.remove(replica);
      ((ReplicatedWrite) effect).reach(replica);
      if (remaining.isEmpty()) {
        orphans.remove(this);
      }
      prune();
    }

    private boolean isSpent() {
      return effect instanceof ReplicatedWrite replicated
          ? remaining.stream().allMatch(replicated::isSpent)
          : effect.isSpent();
    }

    void lose() {
      requests.remove(this);
      if (write && !expired && !isSpent() && !isRepeated()) {
        orphans.add(this);
      }
      Effect reported = fault == Fault.NO_ANSWER_TAKEN_FOR_NOT_SENT ? Effect.NONE : Effect.UNKNOWN;
      future.completeExceptionally(new FenceException("no answer", reported));
    }

    /** Whether it is a row of the log that was sent before, and may come late already. */
    private boolean isRepeated() {
      return effect instanceof Log
          && orphans.stream().anyMatch(orphan -> orphan.label.equals(label));
    }

    /** The connection was cut before anything was sent. */
    void refuse() {
      requests.remove(this);
      future.completeExceptionally(new FenceException("not sent", Effect.NONE));
    }

    String state() {
      return label + (expired ? " expired" : "");
    }
  }

  /** What a reader knows of an event that is deleted. */
  static final String DELETED = "deleted";

  private static final UUID NOBODY = new UUID(0, 0);

  /** For a reader that does not look whether a batch is whole. */
  static final StoredBatch SOME_BATCH =
      new StoredBatch(
          new LogEntry(World.STREAM, 1, 1, 1, Set.of(), Set.of()), NOBODY, StoredBatch.UNLOGGED);

  private static final String CLAIM = "claim";
  private static final String TAIL = "tail";
  private static final String LOG = "log ";
  private static final String PAUSE = "pause";

  private final ModelEvents events;
  private final boolean cleanUps;
  private final boolean hints;
  private final boolean pages;
  private final Fault fault;

  private @Nullable StreamOwnership ownership;
  private final TreeMap<UUID, TreeMap<UUID, Map<String, Long>>> inboxes = new TreeMap<>();
  private final TreeMap<UUID, TreeMap<Long, LogRow>> logs = new TreeMap<>();
  private final List<Request> requests = new ArrayList<>();
  private final List<Request> orphans = new ArrayList<>();

  ModelStorage(Bounds bounds, Fault fault) {
    this.events = new ModelEvents(bounds.replicas(), bounds.partitionSize());
    this.hints = bounds.hints();
    this.pages = bounds.pages();
    this.cleanUps = bounds.cleanUps() > 0;
    this.fault = fault;
  }

  @Nullable StreamOwnership ownership() {
    return ownership;
  }

  List<Request> requests() {
    return requests;
  }

  List<Request> orphans() {
    return orphans;
  }

  /** A write that nobody waits for takes effect. */
  void takeEffectLate(Request orphan) {
    orphans.remove(orphan);
    orphan.effect.takeEffect();
    prune();
  }

  /** For each replica which writes have not reached it. */
  private List<String> marks() {
    if (events.replicas() == 1) {
      return List.of("");
    }
    boolean alike =
        java.util.stream.Stream.of(requests, orphans)
            .flatMap(List::stream)
            .allMatch(request -> request.remaining.isEmpty() || request.remaining.size() == 3);
    if (alike) {
      return List.of("", "", "");
    }
    List<String> marks = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int replica = i;
      marks.add(
          java.util.stream.Stream.of(requests, orphans)
              .flatMap(List::stream)
              .filter(request -> request.remaining.contains(replica))
              .map(request -> request.label + "?")
              .sorted()
              .collect(Collectors.joining()));
    }
    return marks;
  }

  /** Which replicas differ now. */
  ModelEvents.Differences replicas() {
    return events.new Differences(marks());
  }

  /** Somebody else reads a part of all rows. */
  void readPart(Pair pair, ModelEvents.Part part) {
    events.repair(pair, events.everything(), part);
    prune();
  }

  /**
   * /** A replica is replaced by an empty one, once the other two have all that they show together.
   */
  void replace(int replica) {
    events.repair(
        new Pair(replica == 0 ? 1 : 0, replica == 2 ? 1 : 2),
        events.everything(),
        ModelEvents.Part.WHOLE);
    events.replace(replica);
    requests.stream()
        .filter(request -> request.effect instanceof ReplicatedWrite)
        .forEach(request -> request.remaining.add(replica));
    prune();
  }

  /**
   * The batches of which the reader of a tail may see, and repair, the last row alone: those that
   * so far have reached a minority of the replicas.
   */
  List<Request> minorities(Request tail) {
    return tail.label.equals(TAIL) && events.replicas() == 1
        ? java.util.stream.Stream.concat(requests.stream(), orphans.stream())
            .filter(request -> request.effect instanceof Insert insert && insert.hasMany())
            .toList()
        : List.of();
  }

  /** Makes the last row of the batch readable, and no other. */
  void repairLastRow(Request minority) {
    ((Insert) minority.effect).repairLastRow();
    prune();
  }

  /** Forgets what nobody can see any more, and who can do nothing any more. */
  private void prune() {
    orphans.removeIf(Request::isSpent);
  }

  /**
   * Time passes until revocations have expired, and no conditional update is under way any more.
   */
  void expire() {
    inboxes.clear();
    requests.stream()
        .filter(request -> request.conditional)
        .forEach(request -> request.expired = true);
    orphans.removeIf(orphan -> orphan.conditional);
  }

  /** The history as some two replicas show it. */
  List<Row> history() {
    return history(events.replicas() == 1 ? Pair.SINGLE : new Pair(0, 1));
  }

  /** The history as any two replicas show it. */
  List<List<Row>> histories() {
    return replicas().unlikePairs().stream().map(this::history).toList();
  }

  private List<Row> history(Pair pair) {
    return events.history(
        pair, ownership == null ? 0 : ownership.deletedTo(), fault == Fault.FILLER_TOLD_BY_ABSENCE);
  }

  /** Rows up to a sequence number that two replicas, whichever, still show. */
  List<Row> upTo(long sequenceNr) {
    return replicas().unlikePairs().stream()
        .flatMap(pair -> events.upTo(pair, sequenceNr).stream())
        .toList();
  }

  private final class Insert implements ReplicatedWrite {
    private final List<Row> batch;

    Insert(List<Row> batch) {
      this.batch = batch;
    }

    boolean hasMany() {
      return batch.size() > 1;
    }

    void repairLastRow() {
      events.write(0, batch.get(batch.size() - 1));
    }

    @Override
    public void reach(int replica) {
      batch.forEach(row -> events.write(replica, row));
    }

    @Override
    public boolean isSpent(int replica) {
      return batch.stream().allMatch(row -> events.isSpent(replica, row));
    }
  }

  /** A conditional update of {@code streams}; expects epoch 0 of a row that does not exist. */
  private final class Take implements Effectful<Boolean> {
    private final StreamOwnership next;
    private final @Nullable StreamOwnership previous;

    Take(StreamOwnership next, @Nullable StreamOwnership previous) {
      this.next = next;
      this.previous = previous;
    }

    @Override
    public Boolean takeEffect() {
      StreamOwnership now = ownership;
      boolean applied =
          fault == Fault.CLAIM_MISSES_DELETION ? !isSpent() : Objects.equals(now, previous);
      if (applied) {
        long deletedTo = now == null ? 0 : now.deletedTo();
        String properties = now == null ? null : now.properties();
        ownership =
            new StreamOwnership(next.owner(), next.epoch(), next.head(), deletedTo, properties);
      }
      return applied;
    }

    @Override
    public boolean isSpent() {
      return epoch(ownership) != epoch(previous);
    }
  }

  private static long epoch(@Nullable StreamOwnership row) {
    return row == null ? 0 : row.epoch();
  }

  /** A conditional update of {@code streams} by the owner. */
  private final class RecordDeletion implements Effectful<Boolean> {
    private final long deletedTo;
    private final @Nullable String properties;
    private final long expectedEpoch;

    RecordDeletion(long deletedTo, @Nullable String properties, long expectedEpoch) {
      this.deletedTo = deletedTo;
      this.properties = properties;
      this.expectedEpoch = expectedEpoch;
    }

    @Override
    public Boolean takeEffect() {
      StreamOwnership row = ownership;
      if (row == null || isSpent()) {
        return false;
      }
      ownership = new StreamOwnership(row.owner(), row.epoch(), row.head(), deletedTo, properties);
      return true;
    }

    @Override
    public boolean isSpent() {
      return epoch(ownership) != expectedEpoch;
    }
  }

  private final class Clear implements ReplicatedWrite {
    private final Clearing clearing;

    Clear(Clearing clearing) {
      this.clearing = clearing;
    }

    @Override
    public void reach(int replica) {
      events.clear(replica, clearing);
    }

    @Override
    public boolean isSpent(int replica) {
      return events.isSpent(replica, clearing);
    }
  }

  private final class Log implements Effectful<Boolean> {
    private final UUID writer;
    private final LogRow row;

    boolean isMarker() {
      return row.entries().isEmpty() && row.adopted().isEmpty();
    }

    Log(UUID writer, LogRow row) {
      this.writer = writer;
      this.row = row;
    }

    @Override
    public Boolean takeEffect() {
      LogRow before = log(writer).put(row.position(), row);
      if (before != null && !before.equals(row)) {
        throw new Violation("two rows at one position of a log: " + before + " and " + row);
      }
      return true;
    }

    @Override
    public boolean isSpent() {
      return log(writer).containsKey(row.position());
    }
  }

  private NavigableMap<Long, LogRow> log(UUID writer) {
    return logs.computeIfAbsent(writer, id -> new TreeMap<>());
  }

  /** The rows of a log from a position on, without gap. */
  List<LogRow> log(UUID writer, long from) {
    List<LogRow> found = new ArrayList<>();
    LogRow row = log(writer).get(from);
    while (row != null) {
      found.add(row);
      row = log(writer).get(row.position() + 1);
    }
    return found;
  }

  /** The writers that have logged something. */
  List<UUID> loggers() {
    return List.copyOf(logs.keySet());
  }

  /** The rows of a batch, as far as they stand. */
  List<Row> batch(LogEntry entry) {
    return settled().stream()
        .filter(row -> row.batchFirst() == entry.firstSequenceNr())
        .filter(row -> row.epoch() == entry.epoch())
        .toList();
  }

  /** All rows that some two replicas show; for those that are settled it does not matter which. */
  private List<Row> settled() {
    Pair pair = events.replicas() == 1 ? Pair.SINGLE : new Pair(0, 1);
    return events.everything().stream()
        .flatMap(slice -> events.read(pair, slice, true).stream())
        .toList();
  }

  private static StoredBatch stored(Row last) {
    return new StoredBatch(
        new LogEntry(
            World.STREAM, last.batchFirst(), last.sequenceNr(), last.epoch(), Set.of(), Set.of()),
        last.writer(),
        last.logPosition());
  }

  /** Whether somebody has revoked the stream from its owner. */
  boolean isBeingClaimed() {
    StreamOwnership row = ownership;
    return row != null
        && inbox(row.owner()).stream().anyMatch(r -> r.covers(World.STREAM, row.epoch()));
  }

  private final class Revoke implements Effectful<Boolean> {
    private final UUID owner;
    private final UUID revocation;
    private final Map<String, Long> streams;

    Revoke(UUID owner, UUID revocation, Map<String, Long> streams) {
      this.owner = owner;
      this.revocation = revocation;
      this.streams = streams;
    }

    @Override
    public Boolean takeEffect() {
      inboxes.computeIfAbsent(owner, id -> new TreeMap<>()).put(revocation, streams);
      return true;
    }

    @Override
    public boolean isSpent() {
      return !cleanUps && inboxes.getOrDefault(owner, new TreeMap<>()).containsKey(revocation);
    }
  }

  private final class Forget implements Effectful<Boolean> {
    private final UUID owner;
    private final UUID revocation;

    Forget(UUID owner, UUID revocation) {
      this.owner = owner;
      this.revocation = revocation;
    }

    @Override
    public Boolean takeEffect() {
      return inboxes.getOrDefault(owner, new TreeMap<>()).remove(revocation) != null;
    }

    @Override
    public boolean isSpent() {
      return !inboxes.getOrDefault(owner, new TreeMap<>()).containsKey(revocation);
    }
  }

  private List<Revocation> inbox(UUID writer) {
    List<Revocation> all = new ArrayList<>();
    inboxes
        .getOrDefault(writer, new TreeMap<>())
        .forEach((id, streams) -> all.add(new Revocation(id, streams)));
    return all;
  }

  /** All that can make a difference later. */
  void describe(StringBuilder state) {
    state.append(ownership == null ? "new" : shortened(ownership)).append('|');
    events.describe(state, marks());
    logs.forEach(
        (writer, log) -> {
          state.append(shortened(writer)).append('[');
          log.values().forEach(row -> state.append(shortened(row)).append(' '));
          state.append(']');
        });
    inboxes.forEach((writer, all) -> state.append(shortened(writer)).append(all));
    appendSorted(state, requests.stream().map(request -> request.writer + request.state()));
    appendSorted(state, orphans.stream().map(orphan -> orphan.label));
  }

  private static void appendSorted(StringBuilder state, java.util.stream.Stream<String> items) {
    items.sorted().forEach(item -> state.append(item).append(' '));
    state.append('|');
  }

  private static String shortened(StreamOwnership row) {
    String deleted = row.deletedTo() == 0 ? "" : " deleted to " + row.deletedTo();
    String properties = row.properties() == null ? "" : " " + row.properties();
    return shortened(row.owner())
        + " e"
        + row.epoch()
        + " head "
        + row.head()
        + deleted
        + properties;
  }

  private static String shortened(LogRow row) {
    StringBuilder text = new StringBuilder();
    text.append(row.position()).append(':');
    row.entries().forEach(entry -> text.append(shortened(entry)));
    text.append('<').append(row.settledTo());
    row.voided().forEach((position, void_) -> text.append('-').append(position).append(void_));
    new TreeMap<>(row.after())
        .forEach((w, position) -> text.append('>').append(shortened(w)).append(position));
    row.adopted().forEach(entry -> text.append('+').append(shortened(entry)));
    return text.toString();
  }

  private static String shortened(LogEntry entry) {
    return entry.firstSequenceNr() + "-" + entry.lastSequenceNr() + "e" + entry.epoch();
  }

  /** The number of the actor system, and that of its writer or revocation. */
  private static String shortened(UUID id) {
    return id.getMostSignificantBits() + "." + id.getLeastSignificantBits();
  }

  /** What one writer, or the reader, sees of storage. */
  final class View implements FenceStorage<String> {
    private final int writer;
    private final List<String> answers;
    private long takenEpoch;
    private int revocations;
    private List<Revocation> staleInbox = List.of();
    private @Nullable Revoke revocationToCome;

    /** What a claim that knows no prover would depend on. */
    private final Map<UUID, Long> previousOwners = new TreeMap<>();

    private final Map<Long, Map<UUID, Long>> planted = new HashMap<>();

    /** Whether what an operation reads first is read at once: it could as well begin later. */
    boolean beginning;

    /** Whether a recovery is under way, and nothing else of this writer. */
    boolean recovering;

    /** Whether all requests are answered at once. */
    boolean immediate;

    /** Whether the inbox is being cleaned up. */
    boolean cleaning;

    /**
     * @param answers gets a note of every answer
     */
    View(int writer, List<String> answers) {
      this.writer = writer;
      this.answers = answers;
    }

    @SuppressWarnings("unchecked")
    private <T> CompletionStage<T> request(
        String label, boolean write, boolean conditional, Effectful<T> effect) {
      if (immediate) {
        return completedFuture(effect.takeEffect());
      }
      Request request = new Request(writer, label, write, conditional, effect);
      requests.add(request);
      return (CompletionStage<T>)
          request.future.whenComplete(
              (result, failure) -> answers.add(label + (failure == null ? "=" + result : " lost")));
    }

    private <T> CompletionStage<T> write(String label, Effectful<T> effect) {
      return request(label, true, false, effect);
    }

    private <T> CompletionStage<T> read(String label, Effectful<T> value) {
      return request(label, false, false, value);
    }

    /** Reads events, and makes both replicas alike in what was read, unless nothing may change. */
    private <T> CompletionStage<T> readEvents(
        String label, BiFunction<Pair, List<Slice>, T> value, ModelEvents.Part part) {
      return read(
          label,
          (Replicated<T>)
              pair -> {
                List<Slice> slices = new ArrayList<>();
                T result = value.apply(pair, slices);
                if (!immediate) {
                  events.repair(pair, slices, part);
                }
                return result;
              });
    }

    private ModelEvents.Part tailPart() {
      return fault == Fault.TAIL_READ_IN_PART ? ModelEvents.Part.HEADER : ModelEvents.Part.WHOLE;
    }

    private CompletionStage<Void> done(CompletionStage<Boolean> stage) {
      return stage.thenApply(ignored -> null);
    }

    @Override
    public CompletionStage<Optional<StreamOwnership>> readOwnership(String persistenceId) {
      if (cleaning && fault == Fault.REVOCATION_REMOVED_AT_ONCE) {
        return completedFuture(
            Optional.of(new StreamOwnership(NOBODY, Long.MAX_VALUE, 0, 0, null)));
      }
      if (recovering) {
        answers.clear();
      }
      if (beginning) {
        Optional<StreamOwnership> now = Optional.ofNullable(ownership);
        answers.add("owner=" + now);
        return completedFuture(now);
      }
      return read("owner", () -> Optional.ofNullable(ownership));
    }

    /** A recovery goes on and remembers no more than that. */
    private void remember(int first) {
      if (recovering) {
        answers.subList(Math.min(first, answers.size()), answers.size()).clear();
      }
    }

    @Override
    public CompletionStage<Boolean> createOwnership(String persistenceId, UUID owner, long epoch) {
      StreamOwnership next = new StreamOwnership(owner, epoch, 0, 0, null);
      return request("create " + shortened(next), true, true, new Take(next, null));
    }

    @Override
    public CompletionStage<Boolean> takeOwnership(
        String persistenceId, StreamOwnership next, StreamOwnership previous) {
      takenEpoch = next.epoch();
      if (previous.owner().getMostSignificantBits() != writer && !log(previous.owner()).isEmpty()) {
        LogRow last = log(previous.owner()).lastEntry().getValue();
        long rows = last.entries().isEmpty() ? last.position() + 1 : last.position();
        previousOwners.merge(previous.owner(), rows, Math::max);
      }
      long expectedEpoch = previous.epoch();
      String label = "take " + shortened(next) + " if e" + expectedEpoch;
      remember(0);
      CompletionStage<Boolean> taken = request(label, true, true, new Take(next, previous));
      Revoke late = revocationToCome;
      return late == null
          ? taken
          : taken.thenCompose(
              applied ->
                  applied
                      ? write("late revocation of e" + expectedEpoch, late)
                      : completedFuture(false));
    }

    @Override
    public CompletionStage<Boolean> recordChange(
        String persistenceId, long deletedTo, @Nullable String properties, long expectedEpoch) {
      return request(
          "record deletion to " + deletedTo + " and " + properties + " if e" + expectedEpoch,
          true,
          true,
          new RecordDeletion(deletedTo, properties, expectedEpoch));
    }

    @Override
    public CompletionStage<Tail> readTail(String persistenceId, long head, long deletedTo) {
      remember(answers.size() > 1 && answers.get(1).equals(CLAIM) ? 2 : 1);
      return readEvents(
          TAIL,
          (pair, slices) -> {
            List<Row> history = history(pair);
            if (history.size() < head) {
              throw new Violation("the history ends at " + history + ", before head " + head);
            }
            Row last = null;
            long first = events.partitionAfter(head);
            for (long partition = events.lastPartition();
                partition >= first && last == null;
                partition--) {
              last = events.last(pair, partition, slices);
            }
            if (last == null || last.sequenceNr() <= head) {
              return Tail.NONE;
            }
            return new Tail(
                last.batchFirst(),
                fault == Fault.EPOCH_READ_REPAIRS_ONE_ROW ? last.sequenceNr() : last.batchLast());
          },
          tailPart());
    }

    @Override
    public CompletionStage<Optional<StoredBatch>> settleTail(
        String persistenceId, Tail tail, long deletedTo) {
      if (fault == Fault.TAIL_TAKEN_FOR_WHOLE) {
        List<Row> all = settled();
        return completedFuture(Optional.of(stored(all.get(all.size() - 1))));
      }
      long first = Math.max(tail.batchFirstSequenceNr(), deletedTo + 1);
      if (fault == Fault.BATCH_READ_IN_TWO_PAGES) {
        return readBatch(tail, first, first).thenApply(rows -> whole(rows, 1));
      }
      if (pages && first < tail.sequenceNr()) {
        return readBatch(tail, first, first)
            .thenCompose(
                one ->
                    readBatch(tail, first + 1, tail.sequenceNr())
                        .thenApply(
                            other ->
                                java.util.stream.Stream.concat(one.stream(), other.stream())
                                    .toList()))
            .thenApply(rows -> whole(rows, tail.sequenceNr() - first + 1));
      }
      return readBatch(tail, first, tail.sequenceNr())
          .thenApply(rows -> whole(rows, tail.sequenceNr() - first + 1));
    }

    private CompletionStage<List<Row>> readBatch(Tail tail, long first, long last) {
      Slice slice = new Slice(events.partitionAfter(tail.batchFirstSequenceNr() - 1), first, last);
      boolean wholeOnly = fault != Fault.TAIL_READ_IN_PART && fault != Fault.FILLER_TOLD_BY_ABSENCE;
      return readEvents(
          "batch " + first + " to " + last,
          (pair, slices) -> {
            slices.add(slice);
            return events.read(pair, slice, wholeOnly).stream()
                .filter(row -> row.batchFirst() == tail.batchFirstSequenceNr())
                .toList();
          },
          tailPart());
    }

    private Optional<StoredBatch> whole(List<Row> rows, long size) {
      boolean whole = rows.size() == size && rows.stream().map(Row::epoch).distinct().count() == 1;
      return whole ? Optional.of(stored(rows.get(rows.size() - 1))) : Optional.empty();
    }

    // What a claim reads for its proof is read with the tail, or with what was read before: logs
    // and settled batches only grow, and whoever reads later finds more, as one does who reads the
    // tail later.

    @Override
    public CompletionStage<Optional<StoredBatch>> readBatch(
        String persistenceId, long lastSequenceNr) {
      return completedFuture(
          settled().stream()
              .filter(row -> row.sequenceNr() == lastSequenceNr)
              .findFirst()
              .map(ModelStorage::stored));
    }

    @Override
    public CompletionStage<List<LogRow>> readLog(UUID logger, long from) {
      return completedFuture(log(logger, from));
    }

    @Override
    public CompletionStage<Long> readLogEnd(UUID logger) {
      return completedFuture(
          fault == Fault.NO_DEPENDENCY_ON_DELETED
              ? LogRow.FIRST_POSITION
              : LogRow.FIRST_POSITION + log(logger, LogRow.FIRST_POSITION).size());
    }

    // Readers of the model find every log; that a writer registers before its first row is shown in
    // CommitLogTest, and the list in WriterListSearchTest.

    @Override
    public CompletionStage<UUID> enter(UUID logger, long number, Instant now) {
      return completedFuture(logger);
    }

    @Override
    public CompletionStage<Boolean> beat(UUID logger, long number, Instant now) {
      return completedFuture(true);
    }

    @Override
    public CompletionStage<Boolean> retire(UUID logger, long number, long end, Instant now) {
      return completedFuture(true);
    }

    @Override
    public CompletionStage<List<RegisteredWriter>> readWriters(long from) {
      return completedFuture(List.of());
    }

    @Override
    public CompletionStage<Void> insertLogRow(UUID logger, LogRow row) {
      LogRow logged =
          new LogRow(
              row.position(),
              row.entries(),
              row.settledTo(),
              fault == Fault.VOID_NOT_PUBLISHED ? Map.of() : row.voided(),
              dependencies(row),
              adopted(row.adopted()),
              row.loggedAt());
      return done(
          unnoted(
              LOG + shortened(logger) + " " + shortened(logged), true, new Log(logger, logged)));
    }

    private Map<UUID, Long> dependencies(LogRow row) {
      if (fault == Fault.NO_DEPENDENCIES) {
        return Map.of();
      } else if (fault == Fault.NO_DEPENDENCY_ON_PROVER) {
        return planted.computeIfAbsent(
            row.position(),
            position -> {
              Map<UUID, Long> owners = Map.copyOf(previousOwners);
              previousOwners.clear();
              return owners;
            });
      }
      return row.after();
    }

    private List<LogEntry> adopted(List<LogEntry> batches) {
      return switch (fault) {
        case NO_ADOPTION -> List.of();
        case TAIL_ADOPTED_ALONE -> batches.subList(Math.max(0, batches.size() - 1), batches.size());
        default -> batches;
      };
    }

    /** Time passes for the log: at any moment for a marker, at once to try again. */
    CompletionStage<Void> pause(Duration time) {
      return time.equals(CommitLog.RETRY_DELAY)
          ? completedFuture(null)
          : done(unnoted(PAUSE, false, () -> true));
    }

    /** A request of the log, which itself says what was answered. */
    @SuppressWarnings("unchecked")
    private CompletionStage<Boolean> unnoted(
        String label, boolean write, Effectful<Boolean> effect) {
      Request request = new Request(writer, label, write, false, effect);
      requests.add(request);
      return (CompletionStage<Boolean>) (CompletionStage<?>) request.future;
    }

    @Override
    public CompletionStage<Long> epochAfter(String persistenceId, long head) {
      remember(1);
      answers.add(CLAIM);
      return readEvents(
          "epoch after " + head,
          (pair, slices) -> {
            Slice slice = new Slice(events.partitionAfter(head), head + 1, head + 1);
            slices.add(slice);
            return events.read(pair, slice, false).stream().map(Row::epoch).findFirst().orElse(0L);
          },
          ModelEvents.Part.WHOLE);
    }

    @Override
    public CompletionStage<Void> insert(
        Batch<String> batch, long batchFirst, long epoch, UUID writerId, long logPosition) {
      staleInbox = inbox(writerId);
      List<Row> inserted = new ArrayList<>();
      for (long filled = batchFirst; filled < batch.firstSequenceNr(); filled++) {
        inserted.add(
            row(filled, ModelEvents.FILLER, batch, batchFirst, epoch, writerId, logPosition));
      }
      for (String event : batch.rows()) {
        long sequenceNr = batchFirst + inserted.size();
        inserted.add(row(sequenceNr, event, batch, batchFirst, epoch, writerId, logPosition));
      }
      String log = logPosition == StoredBatch.UNLOGGED ? "" : ", log at " + logPosition;
      // Not formatted: that took a twentieth of the whole search.
      String label =
          "insert " + batch.rows() + " at " + batch.firstSequenceNr() + " in e" + epoch + log;
      return done(write(label, new Insert(inserted)));
    }

    private static Row row(
        long sequenceNr,
        String event,
        Batch<String> batch,
        long batchFirst,
        long epoch,
        UUID writerId,
        long logPosition) {
      return new Row(
          sequenceNr, epoch, event, batchFirst, batch.lastSequenceNr(), writerId, logPosition);
    }

    @Override
    public CompletionStage<Void> fill(
        String persistenceId, long first, long last, long epoch, UUID writerId, long logPosition) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> revoke(UUID owner, Map<String, Long> streams) {
      boolean oneself = owner.getMostSignificantBits() == writer;
      if (fault == Fault.NO_REVOCATION || (fault == Fault.NO_REVOCATION_OF_ONESELF && oneself)) {
        return completedFuture(null);
      }
      // Without clean-ups, nobody can tell two revocations of the same content apart.
      long number = cleanUps ? ++revocations : requireNonNull(streams.get(World.STREAM));
      Revoke revoke =
          new Revoke(owner, new UUID(cleanUps ? writer : Long.MAX_VALUE, number), streams);
      if (fault == Fault.REVOCATION_AFTER_TAKING) {
        revocationToCome = revoke;
        return completedFuture(null);
      }
      return done(write("revoke " + shortened(owner) + " " + streams, revoke));
    }

    @Override
    public CompletionStage<List<Revocation>> readRevocations(UUID writerId) {
      if (fault == Fault.NO_FENCE_READ || (fault == Fault.MEMORY_TRUSTED && recovering)) {
        return completedFuture(List.of());
      }
      if (fault == Fault.STALE_FENCE_READ) {
        List<Revocation> stale = staleInbox;
        return read("fence read, begun before" + stale, () -> stale);
      }
      return read("fence read", () -> inbox(writerId));
    }

    /** The events, for a reader. */
    CompletionStage<List<Row>> rows() {
      return readEvents(
          "rows",
          (pair, slices) -> {
            slices.addAll(events.everything());
            return history(pair);
          },
          ModelEvents.Part.WHOLE);
    }

    @Override
    public CompletionStage<Void> deleteRevocation(UUID writerId, UUID revocation) {
      return done(
          write("delete revocation " + shortened(revocation), new Forget(writerId, revocation)));
    }

    @Override
    public CompletionStage<Void> clearAfter(String persistenceId, long sequenceNr, long epoch) {
      boolean own = epoch == takenEpoch - 1;
      if (fault == (own ? Fault.NO_CLEARING : Fault.NO_REPEATED_CLEARING)) {
        return completedFuture(null);
      }
      Clearing clearing =
          new Clearing(events.partitionAfter(sequenceNr), sequenceNr, Long.MAX_VALUE, epoch);
      return done(write("clear after " + sequenceNr + " to e" + epoch, new Clear(clearing)));
    }

    @Override
    public CompletionStage<Long> firstUndeleted(String persistenceId, long deletedTo) {
      if (fault == Fault.DELETION_NOT_ENDED || fault == Fault.NO_DEPENDENCY_ON_DELETED) {
        return completedFuture(0L);
      }
      return readEvents(
          "undeleted to " + deletedTo,
          (pair, slices) -> {
            events
                .everything()
                .forEach(all -> slices.add(new Slice(all.partition(), 1, deletedTo)));
            return events.upTo(pair, deletedTo).stream()
                .map(Row::sequenceNr)
                .findFirst()
                .orElse(0L);
          },
          ModelEvents.Part.WHOLE);
    }

    @Override
    public CompletionStage<Void> deleteEvents(
        String persistenceId, long deletedTo, long toSequenceNr, long epoch) {
      Clearing clearing = new Clearing(Clearing.ANYWHERE, deletedTo, toSequenceNr, epoch);
      return done(
          write(
              "delete " + (deletedTo + 1) + " to " + toSequenceNr + " to e" + epoch,
              new Clear(clearing)));
    }
  }
}
