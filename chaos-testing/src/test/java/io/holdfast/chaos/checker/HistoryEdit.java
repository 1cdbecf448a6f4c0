// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.Event;
import io.holdfast.chaos.history.HistoryRecord;
import io.holdfast.chaos.history.HistoryRecord.Completion;
import io.holdfast.chaos.history.HistoryRecord.Delivery;
import io.holdfast.chaos.history.HistoryRecord.Invocation;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import io.holdfast.chaos.history.Result;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A history to be changed. */
final class HistoryEdit {
  /** An operation in it. */
  record Call(Invocation invocation, Completion completion) {
    String stream() {
      return invocation.operation().stream();
    }

    Operation operation() {
      return invocation.operation();
    }

    @Nullable Result result() {
      return completion.outcome() instanceof Outcome.Ok ok ? ok.result() : null;
    }

    List<Event> events() {
      return result() instanceof Result.Events read ? read.events() : List.of();
    }

    long version() {
      return result() instanceof Result.Events read ? read.version() : -1;
    }

    boolean isLast() {
      return operation() instanceof Operation.Read read && read.last();
    }

    boolean isLinearizable() {
      return !new Op(0, "", operation(), 0, 0, completion.outcome()).mayBeOld();
    }

    Result.@Nullable Appended appended() {
      return result() instanceof Result.Appended appended
              && !((Operation.Adding) operation()).ids().isEmpty()
          ? appended
          : null;
    }

    List<String> ids() {
      return operation() instanceof Operation.Adding adding ? adding.ids() : List.of();
    }
  }

  final List<HistoryRecord> records;
  final Random random;

  HistoryEdit(List<HistoryRecord> records, Random random) {
    this.records = new ArrayList<>(records);
    this.random = random;
  }

  /** Completed operations, in random order. */
  List<Call> calls(Predicate<Call> wanted) {
    Map<Long, Invocation> invocations = new LinkedHashMap<>();
    List<Call> calls = new ArrayList<>();
    for (HistoryRecord record : records) {
      if (record instanceof Invocation invocation) {
        invocations.put(invocation.op(), invocation);
      } else if (record instanceof Completion completion) {
        Invocation invocation = invocations.get(completion.op());
        if (invocation != null) {
          calls.add(new Call(invocation, completion));
        }
      }
    }
    calls.removeIf(call -> !wanted.test(call));
    Collections.shuffle(calls, random);
    return calls;
  }

  @Nullable Call any(Predicate<Call> wanted) {
    List<Call> calls = calls(wanted);
    return calls.isEmpty() ? null : calls.get(0);
  }

  /** The last read of a stream that is read in one page. */
  @Nullable Call lastRead(String stream) {
    List<Call> pages = calls(call -> call.isLast() && call.stream().equals(stream));
    return pages.size() == 1 ? pages.get(0) : null;
  }

  /** An append of one event that succeeded, and whose event is in the last read. */
  @Nullable Call acknowledged(Predicate<Call> wanted) {
    return any(
        call -> {
          Call last = lastRead(call.stream());
          return call.appended() != null
              && call.ids().size() == 1
              && last != null
              && last.events().contains(new Event(call.appended().first(), call.ids().get(0)))
              && wanted.test(call);
        });
  }

  List<Delivery> deliveries(Predicate<Delivery> wanted) {
    return records.stream()
        .filter(Delivery.class::isInstance)
        .map(Delivery.class::cast)
        .filter(wanted)
        .toList();
  }

  HistoryEdit replace(HistoryRecord one, HistoryRecord other) {
    records.set(records.indexOf(one), other);
    return this;
  }

  HistoryEdit answer(Call call, Outcome outcome) {
    return replace(
        call.completion(), new Completion(call.completion().at(), call.completion().op(), outcome));
  }

  HistoryEdit answer(Call call, Result result) {
    return answer(call, Outcome.ok(result));
  }

  HistoryEdit events(Call call, long version, List<Event> events) {
    return answer(call, new Result.Events(version, 0, events));
  }

  HistoryEdit ask(Call call, Operation operation) {
    Invocation invocation = call.invocation();
    return replace(
        invocation,
        new Invocation(invocation.at(), invocation.op(), invocation.client(), operation));
  }

  /** Adds an operation of a client of its own. */
  HistoryEdit add(long from, long to, Operation operation, Outcome outcome) {
    long op = 1_000_000L + records.size();
    records.add(new Invocation(from, op, "added", operation));
    records.add(new Completion(to, op, outcome));
    return this;
  }

  /** The end of the history. */
  long end() {
    return records.stream().mapToLong(HistoryRecord::at).max().orElse(0);
  }
}
