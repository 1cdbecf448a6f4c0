// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.fence.FenceException.Effect;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Cassandra as the protocol sees it, for one stream: each request takes effect at one moment, which
 * the search chooses; an answer may be lost before that moment, which then may come at any later
 * time or never, or after it. Replicas and quorums are not modelled.
 *
 * <p>A read that directly follows an answer is taken together with it: whatever happens between
 * could as well happen before that answer arrives. Reads that follow a read, and fence reads, are
 * steps of their own.
 */
final class ModelStorage {
  /** The rows of the stream up to where a reader walks. */
  record Row(long sequenceNr, long epoch, String event, long batchFirst) {}

  private record Clearing(long partition, long after, long epoch) {}

  /** A violation of the protocol that storage sees by itself. */
  static final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Violation(String message) {
      super(message);
    }
  }

  /** A request that has no answer yet. */
  final class Request {
    final int writer;
    final String label;
    final boolean conditional;
    private final Supplier<Object> effect;
    private final CompletableFuture<Object> future = new CompletableFuture<>();
    private final boolean write;
    private @Nullable Object result;
    private boolean expired;

    private Request(
        int writer, String label, boolean write, boolean conditional, Supplier<Object> effect) {
      this.writer = writer;
      this.label = label;
      this.write = write;
      this.conditional = conditional;
      this.effect = effect;
    }

    boolean isDone() {
      return result != null;
    }

    boolean isWrite() {
      return write;
    }

    boolean isExpired() {
      return expired;
    }

    void takeEffect() {
      result = effect.get();
    }

    void answer() {
      requests.remove(this);
      future.complete(requireNonNull(result));
    }

    void lose() {
      requests.remove(this);
      if (write && result == null && !expired) {
        orphans.add(this);
      }
      future.completeExceptionally(new FenceException("no answer", Effect.UNKNOWN));
    }

    String state() {
      return label + (result == null ? (expired ? " expired" : "") : "=" + result);
    }
  }

  private final int partitionSize;
  private final Fault fault;

  private @Nullable StreamOwnership ownership;
  private final TreeMap<Long, Row> rows = new TreeMap<>();
  private final List<Clearing> clearings = new ArrayList<>();
  private final TreeMap<UUID, TreeMap<UUID, Map<String, Long>>> inboxes = new TreeMap<>();
  private final List<Request> requests = new ArrayList<>();
  private final List<Request> orphans = new ArrayList<>();

  ModelStorage(int partitionSize, Fault fault) {
    this.partitionSize = partitionSize;
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
    orphan.takeEffect();
  }

  /**
   * Time passes until revocations have expired, and no conditional update is under way any more.
   */
  void expire() {
    inboxes.clear();
    requests.stream()
        .filter(request -> request.conditional && !request.isDone())
        .forEach(request -> request.expired = true);
    orphans.removeIf(orphan -> orphan.conditional);
  }

  /** The events that a walk over the partitions finds. */
  List<Row> history() {
    List<Row> found = new ArrayList<>();
    long partition = 0;
    long last = 0;
    while (true) {
      boolean any = false;
      for (Row row : visible(partition)) {
        if (row.sequenceNr() == last + 1) {
          found.add(row);
          last++;
          any = true;
        }
      }
      if (!any || last / partitionSize <= partition) {
        return found;
      }
      partition = last / partitionSize;
    }
  }

  private List<Row> visible(long partition) {
    List<Row> found = new ArrayList<>();
    for (Row row : rows.subMap(partition * 1_000, (partition + 1) * 1_000).values()) {
      if (!isCleared(partition, row)) {
        found.add(row);
      }
    }
    return found;
  }

  private boolean isCleared(long partition, Row row) {
    for (Clearing clearing : clearings) {
      if (clearing.partition == partition
          && row.sequenceNr() > clearing.after
          && row.epoch() <= clearing.epoch) {
        return true;
      }
    }
    return false;
  }

  private boolean insert(List<Row> batch) {
    long partition = (batch.get(0).batchFirst() - 1) / partitionSize;
    for (Row row : batch) {
      Row before = rows.get(partition * 1_000 + row.sequenceNr());
      if (before != null && before.epoch() == row.epoch() && !before.equals(row)) {
        throw new Violation("two rows of one write time merge: " + before + " and " + row);
      }
      if (before == null || before.epoch() < row.epoch()) {
        rows.put(partition * 1_000 + row.sequenceNr(), row);
      }
    }
    return true;
  }

  private boolean take(StreamOwnership next, long expectedEpoch) {
    if (ownership == null || ownership.epoch() != expectedEpoch) {
      return false;
    }
    ownership = next;
    return true;
  }

  private boolean create(StreamOwnership next) {
    if (ownership != null) {
      return false;
    }
    ownership = next;
    return true;
  }

  private boolean revoke(UUID owner, UUID revocation, Map<String, Long> streams) {
    inboxes.computeIfAbsent(owner, id -> new TreeMap<>()).put(revocation, streams);
    return true;
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
    rows.forEach(
        (key, row) ->
            state.append(key).append(':').append(row.epoch()).append(row.event()).append(' '));
    TreeSet<String> set = new TreeSet<>();
    clearings.forEach(c -> set.add(c.partition + ">" + c.after + "<=" + c.epoch));
    state.append('|').append(set).append('|');
    inboxes.forEach((writer, all) -> state.append(writer.getLeastSignificantBits()).append(all));
    List<String> labels = new ArrayList<>();
    requests.forEach(request -> labels.add(request.writer + request.state()));
    Collections.sort(labels);
    state.append(labels).append('|');
    labels.clear();
    orphans.forEach(orphan -> labels.add(orphan.label));
    Collections.sort(labels);
    state.append(labels);
  }

  static String shortened(StreamOwnership row) {
    return "W" + row.owner().getLeastSignificantBits() + " e" + row.epoch() + " head " + row.head();
  }

  /** What one writer, or the reader, sees of storage. */
  final class View implements FenceStorage<String> {
    private final int writer;
    private final List<String> answers;
    private long takenEpoch;
    private int revocations;
    private int fenceReads;
    private List<Revocation> staleInbox = List.of();
    private @Nullable Runnable revocationToCome;

    /** Whether every read is a step of its own. */
    boolean stepwise;

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
        String label, boolean write, boolean conditional, Supplier<T> effect) {
      if (immediate) {
        return completedFuture(effect.get());
      }
      Request request = new Request(writer, label, write, conditional, effect::get);
      requests.add(request);
      return (CompletionStage<T>)
          request.future.whenComplete(
              (result, failure) -> answers.add(label + (failure == null ? "=" + result : " lost")));
    }

    private <T> CompletionStage<T> write(String label, Supplier<T> effect) {
      return request(label, true, false, effect);
    }

    private <T> CompletionStage<T> read(String label, Supplier<T> value) {
      if (stepwise) {
        return request(label, false, false, value);
      }
      T now = value.get();
      answers.add(label + "=" + now);
      return completedFuture(now);
    }

    private CompletionStage<Void> done(CompletionStage<Boolean> stage) {
      return stage.thenApply(ignored -> null);
    }

    @Override
    public CompletionStage<Optional<StreamOwnership>> readOwnership(String persistenceId) {
      if (cleaning && fault == Fault.REVOCATION_REMOVED_AT_ONCE) {
        return completedFuture(
            Optional.of(new StreamOwnership(new UUID(0, 0), Long.MAX_VALUE, 0, 0)));
      }
      return read("owner", () -> Optional.ofNullable(ownership));
    }

    @Override
    public CompletionStage<Boolean> createOwnership(String persistenceId, UUID owner, long epoch) {
      StreamOwnership next = new StreamOwnership(owner, epoch, 0, 0);
      return request("create " + shortened(next), true, true, () -> create(next));
    }

    @Override
    public CompletionStage<Boolean> takeOwnership(
        String persistenceId, UUID owner, long epoch, long head, long expectedEpoch) {
      takenEpoch = epoch;
      StreamOwnership next = new StreamOwnership(owner, epoch, head, 0);
      String label = "take " + shortened(next) + " if e" + expectedEpoch;
      CompletionStage<Boolean> taken = request(label, true, true, () -> take(next, expectedEpoch));
      Runnable late = revocationToCome;
      return late == null
          ? taken
          : taken.thenCompose(
              applied ->
                  applied
                      ? write("late revocation of e" + expectedEpoch, () -> run(late))
                      : completedFuture(false));
    }

    private boolean run(Runnable action) {
      action.run();
      return true;
    }

    @Override
    public CompletionStage<Boolean> recordDeletion(
        String persistenceId, long deletedTo, long expectedEpoch) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Tail> readTail(String persistenceId, long head, long deletedTo) {
      return request(
          "tail",
          false,
          false,
          () -> {
            List<Row> history = history();
            if (history.size() < head) {
              throw new Violation("the history ends at " + history + ", before head " + head);
            }
            List<Row> end = visible(history.size() / partitionSize);
            if (!end.isEmpty() && end.get(end.size() - 1).sequenceNr() > history.size()) {
              throw new Violation("a gap before " + end.get(end.size() - 1));
            }
            if (history.size() == head) {
              return Tail.NONE;
            }
            Row last = history.get(history.size() - 1);
            return new Tail(last.batchFirst(), last.sequenceNr());
          });
    }

    @Override
    public CompletionStage<Void> settleTail(String persistenceId, Tail tail) {
      return completedFuture(null);
    }

    @Override
    public CompletionStage<Long> epochAfter(String persistenceId, long head) {
      return read(
          "epoch after " + head,
          () ->
              visible(head / partitionSize).stream()
                  .filter(row -> row.sequenceNr() == head + 1)
                  .map(Row::epoch)
                  .findFirst()
                  .orElse(0L));
    }

    @Override
    public CompletionStage<Void> insert(
        Batch<String> batch, long batchFirst, long epoch, UUID writerId) {
      staleInbox = inbox(writerId);
      List<Row> inserted = new ArrayList<>();
      for (String event : batch.rows()) {
        inserted.add(new Row(batch.firstSequenceNr() + inserted.size(), epoch, event, batchFirst));
      }
      String label = "insert " + batch.rows() + " at " + batch.firstSequenceNr() + " in e" + epoch;
      return done(write(label, () -> ModelStorage.this.insert(inserted)));
    }

    @Override
    public CompletionStage<Void> fill(
        String persistenceId, long first, long last, long epoch, UUID writerId) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> revoke(UUID owner, Map<String, Long> streams) {
      if (fault == Fault.NO_REVOCATION) {
        return completedFuture(null);
      }
      UUID revocation = new UUID(0, writer * 100L + ++revocations);
      if (fault == Fault.REVOCATION_AFTER_TAKING) {
        revocationToCome = () -> ModelStorage.this.revoke(owner, revocation, streams);
        return completedFuture(null);
      }
      String label = "revoke W" + owner.getLeastSignificantBits() + " " + streams;
      return done(write(label, () -> ModelStorage.this.revoke(owner, revocation, streams)));
    }

    @Override
    public CompletionStage<List<Revocation>> readRevocations(UUID writerId) {
      if (fault == Fault.NO_FENCE_READ) {
        return completedFuture(List.of());
      }
      if (stepwise) {
        return request("inbox", false, false, () -> inbox(writerId));
      }
      List<Revocation> read = fault == Fault.STALE_FENCE_READ ? staleInbox : inbox(writerId);
      return request("fence read " + ++fenceReads + read, false, false, () -> read);
    }

    /** The events, for a reader. */
    CompletionStage<List<Row>> rows() {
      return request("rows", false, false, ModelStorage.this::history);
    }

    /** Nothing of this writer is under way any more. */
    void rest() {
      answers.clear();
      fenceReads = 0;
    }

    @Override
    public CompletionStage<Void> deleteRevocation(UUID writerId, UUID revocation) {
      return done(
          write(
              "delete revocation " + revocation.getLeastSignificantBits(),
              () -> inboxes.getOrDefault(writerId, new TreeMap<>()).remove(revocation) != null));
    }

    @Override
    public CompletionStage<Void> clearAfter(String persistenceId, long sequenceNr, long epoch) {
      boolean own = epoch == takenEpoch - 1;
      if (fault == (own ? Fault.NO_CLEARING : Fault.NO_REPEATED_CLEARING)) {
        return completedFuture(null);
      }
      Clearing clearing = new Clearing(sequenceNr / partitionSize, sequenceNr, epoch);
      return done(
          write(
              "clear after " + sequenceNr + " to e" + epoch,
              () -> clearings.contains(clearing) || clearings.add(clearing)));
    }

    @Override
    public CompletionStage<Void> deleteEvents(
        String persistenceId, long deletedTo, long toSequenceNr, long epoch) {
      throw new UnsupportedOperationException();
    }
  }
}
