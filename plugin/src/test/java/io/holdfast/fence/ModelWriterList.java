// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.fence.FenceException.Effect;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Some writers that register and retire, and a reader of their list, over three replicas.
 *
 * <p>A conditional update is decided at one moment. Its commit reaches two replicas before it is
 * answered; if it gets no answer, it may never be decided, or later, and its commit reaches any
 * replica or none. The next conditional update, of whomever, first brings what is decided to the
 * two replicas that it uses. Plain reads merge what two replicas have, and repair what they select.
 */
final class ModelWriterList {
  /** What may happen next. */
  record Choice(String label, Runnable action) {}

  /** The two cells of an entry that matter. */
  private record Cells(@Nullable UUID id, @Nullable Long end) {
    Cells mergedWith(Cells other) {
      return new Cells(id == null ? other.id : id, end == null ? other.end : end);
    }
  }

  /** A change that is decided, and has not reached all replicas. */
  private record Commit(long number, Cells cells, TreeSet<Integer> remaining) {}

  private final class Request {
    final String label;
    final boolean conditional;
    final Function<int[], Object> effect;
    final CompletableFuture<Object> answer = new CompletableFuture<>();

    Request(String label, boolean conditional, Function<int[], Object> effect) {
      this.label = label;
      this.conditional = conditional;
      this.effect = effect;
    }

    void succeed(int[] pair) {
      requests.remove(this);
      if (conditional) {
        commits.forEach(commit -> List.of(pair[0], pair[1]).forEach(r -> reach(commit, r)));
      }
      Object result = effect.apply(pair);
      commits.removeIf(commit -> commit.remaining.isEmpty());
      answer.complete(result);
    }

    /** Without an answer, and without a commit for now. */
    void decide() {
      Object ignored = effect.apply(new int[0]);
      commits.removeIf(commit -> commit.remaining.isEmpty());
    }

    void lose() {
      requests.remove(this);
      orphans.add(this);
      answer.completeExceptionally(new FenceException("no answer", Effect.UNKNOWN));
    }
  }

  private final class Actor {
    final UUID id;
    final Registration registration;
    private final int maxAttempts;
    private int attempts;
    @Nullable CompletableFuture<Long> number;
    @Nullable CompletableFuture<Void> retired;

    Actor(int index) {
      this.id = new UUID(0, index + 1L);
      // One that tries again is enough.
      this.maxAttempts = index == 0 ? 2 : 1;
      this.registration =
          new Registration(
              new View(index + 1), id, FenceClock.of(InstantSource.fixed(Instant.EPOCH)));
    }

    boolean isRegistered() {
      return number != null && number.isDone() && !number.isCompletedExceptionally();
    }

    boolean isRetired() {
      return retired != null && retired.isDone() && !retired.isCompletedExceptionally();
    }

    void addChoices(List<Choice> choices) {
      if (attempts < maxAttempts && (number == null || number.isCompletedExceptionally())) {
        choices.add(new Choice(id.getLeastSignificantBits() + " registers", this::register));
      }
      if (isRegistered() && retired == null) {
        choices.add(new Choice(id.getLeastSignificantBits() + " retires", this::retire));
      }
    }

    private void register() {
      attempts++;
      number = registration.number().toCompletableFuture();
    }

    private void retire() {
      retired = registration.retire(END).toCompletableFuture();
    }

    @Override
    public String toString() {
      CompletableFuture<Long> known = number;
      String end = retired == null ? "" : isRetired() ? " retired" : " retires";
      return attempts + (known != null && isRegistered() ? " number " + known.join() : "") + end;
    }
  }

  private static final long END = 5;
  private static final int[][] PAIRS = {{0, 1}, {0, 2}, {1, 2}};

  private final boolean readsInPart;
  private final List<Actor> actors = new ArrayList<>();
  private final TreeMap<Long, Cells> decided = new TreeMap<>();
  private final List<TreeMap<Long, Cells>> replicas = new ArrayList<>();
  private final List<Commit> commits = new ArrayList<>();
  private final List<Request> requests = new ArrayList<>();
  private final List<Request> orphans = new ArrayList<>();

  /** What the reader has seen. */
  private final List<RegisteredWriter> seen = new ArrayList<>();

  private int looks;
  private @Nullable String violation;

  /**
   * @param readsInPart whether the reader that looks for ends selects nothing else
   */
  ModelWriterList(int writers, int looks, boolean readsInPart) {
    this.looks = looks;
    this.readsInPart = readsInPart;
    for (int i = 0; i < 3; i++) {
      replicas.add(new TreeMap<>());
    }
    for (int i = 0; i < writers; i++) {
      actors.add(new Actor(i));
    }
  }

  List<Choice> choices() {
    List<Choice> choices = new ArrayList<>();
    for (Request request : List.copyOf(requests)) {
      for (int[] pair : PAIRS) {
        choices.add(new Choice(request.label + on(pair), () -> request.succeed(pair)));
      }
      if (request.conditional) {
        choices.add(new Choice(request.label + ": no answer", request::lose));
      }
    }
    for (Request orphan : List.copyOf(orphans)) {
      choices.add(
          new Choice(
              "decided late: " + orphan.label,
              () -> {
                orphans.remove(orphan);
                orphan.decide();
              }));
    }
    for (Commit commit : List.copyOf(commits)) {
      for (int replica : commit.remaining) {
        choices.add(
            new Choice(
                "commit of " + commit.number + " reaches " + "ABC".charAt(replica),
                () -> {
                  reach(commit, replica);
                  commits.removeIf(one -> one.remaining.isEmpty());
                }));
      }
    }
    actors.forEach(actor -> actor.addChoices(choices));
    if (looks > 0) {
      for (int[] pair : PAIRS) {
        choices.add(new Choice("a reader lists" + on(pair), () -> list(pair)));
        if (readsInPart) {
          choices.add(new Choice("a reader looks for ends" + on(pair), () -> lookForEnds(pair)));
        }
      }
    }
    return choices;
  }

  private static String on(int[] pair) {
    return " @" + "ABC".charAt(pair[0]) + "ABC".charAt(pair[1]);
  }

  private static void put(Map<Long, Cells> replica, long number, Cells cells) {
    replica.merge(number, cells, Cells::mergedWith);
  }

  private void reach(Commit commit, int replica) {
    if (commit.remaining.remove(replica)) {
      put(replicas.get(replica), commit.number, commit.cells);
    }
  }

  private Map<Long, Cells> merged(int[] pair) {
    TreeMap<Long, Cells> merged = new TreeMap<>(replicas.get(pair[0]));
    replicas.get(pair[1]).forEach((number, cells) -> put(merged, number, cells));
    return merged;
  }

  private static List<RegisteredWriter> entries(Map<Long, Cells> rows, long from) {
    List<RegisteredWriter> found = new ArrayList<>();
    Cells cells = rows.get(from);
    while (cells != null && cells.id != null) {
      Long end = cells.end;
      found.add(
          new RegisteredWriter(
              from + found.size(),
              cells.id,
              Instant.EPOCH,
              end == null ? OptionalLong.empty() : OptionalLong.of(end)));
      cells = rows.get(from + found.size());
    }
    return found;
  }

  private List<RegisteredWriter> read(int[] pair, long from) {
    Map<Long, Cells> merged = merged(pair);
    for (int replica : pair) {
      merged.forEach((number, cells) -> put(replicas.get(replica), number, cells));
    }
    return entries(merged, from);
  }

  private void list(int[] pair) {
    looks--;
    List<RegisteredWriter> now = read(pair, RegisteredWriter.FIRST_NUMBER);
    for (int i = 0; i < seen.size(); i++) {
      RegisteredWriter before = seen.get(i);
      if (i >= now.size()
          || !now.get(i).id().equals(before.id())
          || (before.end().isPresent() && !now.get(i).end().equals(before.end()))) {
        violation = "a reader saw " + seen + ", and then " + now;
      }
    }
    seen.clear();
    seen.addAll(now);
  }

  private void lookForEnds(int[] pair) {
    looks--;
    Map<Long, Cells> merged = merged(pair);
    for (int replica : pair) {
      merged.forEach(
          (number, cells) -> put(replicas.get(replica), number, new Cells(null, cells.end)));
    }
    for (RegisteredWriter writer : entries(merged, RegisteredWriter.FIRST_NUMBER)) {
      int index = (int) (writer.number() - RegisteredWriter.FIRST_NUMBER);
      if (index == seen.size()) {
        seen.add(writer);
      }
    }
  }

  /** What must hold in every state. */
  Optional<String> check() {
    if (violation != null) {
      return Optional.of(violation);
    }
    if (decided.values().stream().map(Cells::id).distinct().count() < decided.size()) {
      return Optional.of("a writer is listed twice: " + decided);
    }
    for (int[] pair : PAIRS) {
      List<RegisteredWriter> entries = entries(merged(pair), RegisteredWriter.FIRST_NUMBER);
      for (Actor actor : actors) {
        if (actor.isRegistered()) {
          Optional<RegisteredWriter> entry =
              entries.stream().filter(one -> one.id().equals(actor.id)).findFirst();
          if (entry.isEmpty() || (actor.isRetired() && entry.get().end().isEmpty())) {
            return Optional.of(
                "writer "
                    + actor.id
                    + " ("
                    + actor
                    + ") is shown by"
                    + on(pair)
                    + " as "
                    + entries);
          }
        }
      }
    }
    return Optional.empty();
  }

  String describe() {
    StringBuilder state = new StringBuilder();
    state.append(decided).append(actors).append(seen).append(looks);
    // The replicas' order makes no difference.
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int replica = i;
      parts.add(
          replicas.get(i)
              + commits.stream()
                  .filter(commit -> commit.remaining.contains(replica))
                  .map(commit -> commit.number + ":" + commit.cells)
                  .sorted()
                  .toList()
                  .toString());
    }
    parts.stream().sorted().forEach(state::append);
    requests.stream().map(request -> request.label).sorted().forEach(state::append);
    state.append('|');
    orphans.stream().map(orphan -> orphan.label).sorted().forEach(state::append);
    return state.toString();
  }

  /** Decides a change, and brings it to two replicas, or to none if the pair is empty. */
  private void commit(long number, Cells cells, int[] pair) {
    put(decided, number, cells);
    Commit commit = new Commit(number, cells, new TreeSet<>(List.of(0, 1, 2)));
    for (int replica : pair) {
      reach(commit, replica);
    }
    commits.add(commit);
  }

  private final class View implements LogStorage {
    private final int writer;

    View(int writer) {
      this.writer = writer;
    }

    @SuppressWarnings("unchecked")
    private <T> CompletionStage<T> request(
        String label, boolean conditional, Function<int[], Object> effect) {
      Request request = new Request(label, conditional, effect);
      requests.add(request);
      return (CompletionStage<T>) request.answer;
    }

    @Override
    public CompletionStage<UUID> enter(UUID writer, long number, Instant now) {
      return request(
          writer.getLeastSignificantBits() + " enters " + number,
          true,
          pair -> {
            Cells there = decided.get(number);
            if (there == null) {
              commit(number, new Cells(writer, null), pair);
              return writer;
            }
            return there.id == null ? writer : there.id;
          });
    }

    @Override
    public CompletionStage<Boolean> retire(UUID writer, long number, long end, Instant now) {
      return request(
          writer.getLeastSignificantBits() + " ends " + number,
          true,
          pair -> {
            Cells there = decided.get(number);
            boolean mine = there != null && writer.equals(there.id);
            if (there != null && mine && there.end == null) {
              commit(number, new Cells(null, end), pair);
            }
            return mine;
          });
    }

    @Override
    public CompletionStage<List<RegisteredWriter>> readWriters(long from) {
      return request(writer + " lists from " + from, false, pair -> read(pair, from));
    }

    @Override
    public CompletionStage<Boolean> beat(UUID writer, long number, Instant now) {
      return completedFuture(true);
    }

    @Override
    public CompletionStage<Void> insertLogRow(UUID writer, LogRow row) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<List<LogRow>> readLog(UUID writer, long from) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Long> readLogEnd(UUID writer) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Optional<StoredBatch>> readBatch(
        String persistenceId, long lastSequenceNr) {
      throw new UnsupportedOperationException();
    }
  }
}
