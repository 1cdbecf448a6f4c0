// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import static java.util.Objects.requireNonNull;

import io.holdfast.chaos.history.Consistency;
import io.holdfast.chaos.history.Expected;
import io.holdfast.chaos.history.HistoryRecord;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import io.holdfast.chaos.history.Result;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Makes a history that a store which keeps its promises can have: clients overlap, answers are late
 * or lost, what was not answered happens later or never, owners know what is old, and reads meet
 * deletions half-way.
 */
final class ModelHistory {
  private record Task(long at, long order, Runnable work) implements Comparable<Task> {
    @Override
    public int compareTo(Task other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }
  }

  private static final int STREAMS = 4;
  private static final int CLIENTS = 5;

  private final Random random;
  private final boolean deleting;
  private final List<HistoryRecord> records = new ArrayList<>();
  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private final Map<String, ModelStream> streams = new LinkedHashMap<>();
  private final List<ModelConsumer.Logged> log = new ArrayList<>();
  private final List<ModelConsumer> consumers = new ArrayList<>();
  private final Deque<Operation.Append> again = new ArrayDeque<>();
  private long now;
  private long order;
  private long nextOp;
  private long nextId;
  private long left;

  private ModelHistory(long seed, int operations, boolean deleting) {
    this.random = new Random(seed);
    this.deleting = deleting;
    this.left = operations;
  }

  /**
   * @param deleting whether streams are truncated, deleted, closed and limited
   */
  static List<HistoryRecord> make(long seed, int operations, boolean deleting) {
    return new ModelHistory(seed, operations, deleting).make(STREAMS);
  }

  static List<HistoryRecord> make(long seed, int operations, boolean deleting, int streams) {
    return new ModelHistory(seed, operations, deleting).make(streams);
  }

  private List<HistoryRecord> make(int count) {
    records.add(new HistoryRecord.Header(0, HistoryRecord.FORMAT, "", 0, Map.of()));
    for (int i = 0; i < count; i++) {
      add("Order|" + i);
      add("Actor|" + i);
    }
    addConsumer("feed-all", "feed", "");
    addConsumer("feed-orders", "feed", "Order|");
    addConsumer("subscription", "subscription", "Order|");
    for (int client = 0; client < CLIENTS; client++) {
      int number = client;
      later(1, () -> goOn("client-" + number, 0));
    }
    runAll();
    end();
    return records;
  }

  private void add(String stream) {
    streams.put(stream, new ModelStream());
  }

  private ModelStream stream(String id) {
    return requireNonNull(streams.get(id), id);
  }

  private void addConsumer(String name, String kind, String prefix) {
    consumers.add(new ModelConsumer(name, kind, prefix, log, this::stream, records::add, random));
  }

  private void later(int atMost, Runnable work) {
    tasks.add(new Task(now + 1 + random.nextInt(atMost), order++, work));
  }

  private void runAll() {
    for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
      now = task.at();
      task.work().run();
    }
  }

  private void goOn(String client, int generation) {
    if (left-- <= 0) {
      return;
    }
    if (random.nextInt(30) == 0) {
      long fault = nextOp * 1000;
      records.add(new HistoryRecord.FaultBegin(now, fault, "freeze", "app-1", ""));
      later(200, () -> records.add(new HistoryRecord.FaultEnd(now, fault)));
    }
    consumers.get(random.nextInt(consumers.size())).readSome(now);
    String name = "%s.%d".formatted(client, generation);
    Operation operation = choose();
    long op = ++nextOp;
    records.add(new HistoryRecord.Invocation(now, op, name, operation));
    int fate = random.nextInt(100);
    if (fate < 4) { // Nothing is done.
      later(10, () -> complete(op, new Outcome.Unavailable("no quorum"), client, generation));
    } else if (fate < 12) { // No answer comes; it is done later, or never.
      if (random.nextBoolean()) {
        later(400, () -> effect(operation));
      }
      if (operation instanceof Operation.Append append && random.nextInt(3) > 0) {
        again.add(append);
      }
      if (random.nextBoolean()) {
        later(20, () -> complete(op, new Outcome.Unknown("no answer"), client, generation));
      } else {
        later(20, () -> goOn(client, generation + 1));
      }
    } else {
      later(
          20,
          () -> {
            ModelStream.View view = stream(operation.stream()).view();
            Outcome outcome = effect(operation);
            later(20, () -> complete(op, finish(operation, outcome, view), client, generation));
          });
    }
  }

  private void complete(long op, Outcome outcome, String client, int generation) {
    records.add(new HistoryRecord.Completion(now, op, outcome));
    later(10, () -> goOn(client, generation));
  }

  private Operation choose() {
    boolean actor = random.nextInt(6) == 0;
    List<String> names = List.copyOf(streams.keySet());
    String stream = names.get(random.nextInt(names.size() / 2) * 2 + (actor ? 1 : 0));
    long version = stream(stream).version();
    if (actor) {
      return random.nextInt(3) == 0
          ? new Operation.Recover(stream)
          : new Operation.Persist(stream, ids(), version);
    }
    Operation.@Nullable Append retry = random.nextBoolean() ? again.poll() : null;
    if (retry != null) {
      return retry;
    }
    Consistency consistency = random.nextInt(3) == 0 ? Consistency.OWNER : Consistency.LINEARIZABLE;
    int kind = random.nextInt(100);
    if (kind < 45) {
      return new Operation.Append(stream, ids(), expected(version));
    } else if (kind < 48) {
      return new Operation.Append(stream, List.of(), expected(version));
    } else if (kind < 60 || (!deleting && kind < 70)) {
      boolean whole = random.nextInt(3) > 0;
      long from = whole ? 1 : 1 + random.nextInt(5);
      long to = whole ? Long.MAX_VALUE : from + random.nextInt(10);
      int limit = random.nextInt(4) == 0 ? 3 : 0;
      return new Operation.Read(
          stream, from, to, limit, random.nextInt(4) == 0, consistency, false);
    } else if (kind < 70) {
      return change(stream, version);
    } else if (kind < 80) {
      return new Operation.GetVersion(stream, consistency);
    } else if (kind < 90) {
      return new Operation.Exists(stream, consistency);
    }
    return new Operation.GetInfo(stream, consistency);
  }

  private List<String> ids() {
    List<String> ids = new ArrayList<>();
    for (int i = random.nextInt(3) == 0 ? 3 : 1; i > 0; i--) {
      ids.add("e" + ++nextId);
    }
    return ids;
  }

  private Expected expected(long version) {
    return switch (random.nextInt(6)) {
      case 0 -> Expected.noStream();
      case 1 -> Expected.streamExists();
      case 2, 3 -> Expected.exactly(Math.max(0, version - random.nextInt(2)));
      default -> Expected.any();
    };
  }

  private Operation change(String stream, long version) {
    return switch (random.nextInt(12)) {
      case 0, 1, 2, 3, 4 -> new Operation.Truncate(stream, 1 + random.nextInt(3 + (int) version));
      case 5, 6 -> new Operation.Delete(stream, expected(version));
      case 7, 8, 9 -> new Operation.SetMaxCount(stream, random.nextInt(5));
      case 10 -> new Operation.GetInfo(stream, Consistency.LINEARIZABLE);
      default ->
          random.nextInt(8) == 0
              ? new Operation.Close(stream, expected(version))
              : new Operation.GetInfo(stream, Consistency.LINEARIZABLE);
    };
  }

  /** What is done at one moment. */
  private Outcome effect(Operation operation) {
    String id = operation.stream();
    ModelStream stream = stream(id);
    Outcome outcome;
    if (operation instanceof Operation.Adding adding) {
      long before = stream.version();
      outcome =
          adding instanceof Operation.Persist persist && persist.after() != before
              ? new Outcome.Unknown("was taken by another writer")
              : stream.append(adding);
      for (long version = before + 1; version <= stream.version(); version++) {
        log.add(new ModelConsumer.Logged(id, version));
      }
    } else if (operation instanceof Operation.Recover) {
      outcome = stream.recover(random.nextInt((int) stream.version() + 1));
    } else {
      outcome = stream.change(operation);
    }
    if (random.nextInt(3) == 0) {
      stream.forget();
    }
    if (random.nextInt(3) > 0) {
      stream.tellOwner();
    }
    return outcome;
  }

  /** Reads are answered with what was known, and with what storage has only now. */
  private Outcome finish(Operation operation, Outcome outcome, ModelStream.View view) {
    ModelStream stream = stream(operation.stream());
    ModelStream.View old = stream.ownersView();
    if (operation instanceof Operation.Read read) {
      return stream.read(read, read.consistency() == Consistency.OWNER ? old : view);
    } else if (operation instanceof Operation.GetVersion get) {
      ModelStream.View seen = get.consistency() == Consistency.OWNER ? old : view;
      return Outcome.ok(new Result.Version(seen.version()));
    } else if (operation instanceof Operation.Exists get) {
      ModelStream.View seen = get.consistency() == Consistency.OWNER ? old : view;
      return Outcome.ok(new Result.Existence(seen.first() <= seen.version()));
    } else if (operation instanceof Operation.GetInfo get) {
      ModelStream.View seen = get.consistency() == Consistency.OWNER ? old : view;
      return Outcome.ok(
          new Result.Info(seen.version(), seen.first(), seen.closed(), seen.maxCount()));
    }
    return outcome;
  }

  /** All is quiet: the consumers come to the end, and every stream is read. */
  private void end() {
    now += 10;
    for (ModelConsumer consumer : consumers) {
      consumer.readAll(now);
      records.add(new HistoryRecord.CaughtUp(now, consumer.name()));
    }
    for (Map.Entry<String, ModelStream> stream : streams.entrySet()) {
      long from = 1;
      while (from > 0) {
        Operation.Read page = Operation.Read.last(stream.getKey(), from);
        Operation.Read asked =
            new Operation.Read(
                page.stream(), from, page.to(), 50, false, Consistency.LINEARIZABLE, true);
        long op = ++nextOp;
        records.add(new HistoryRecord.Invocation(++now, op, "last", asked));
        Outcome outcome = stream.getValue().read(asked, stream.getValue().view());
        records.add(new HistoryRecord.Completion(++now, op, outcome));
        from =
            outcome instanceof Outcome.Ok ok && ok.result() instanceof Result.Events events
                ? events.continueFrom()
                : 0;
      }
    }
  }
}
