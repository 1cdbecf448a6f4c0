// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.Event;
import io.holdfast.chaos.history.HistoryRecord;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import io.holdfast.chaos.history.Result;
import io.holdfast.chaos.history.UnusableHistoryException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts invocations and completions together, and sorts them by streams. */
final class HistoryLoader {
  private static final Outcome NO_ANSWER = new Outcome.Unknown("no answer was recorded");

  private final Map<String, String> texts = new HashMap<>();
  private final Map<Long, HistoryRecord.Invocation> open = new LinkedHashMap<>();
  private final Map<String, StreamHistory> streams = new LinkedHashMap<>();
  private final Map<String, Consumer> consumers = new LinkedHashMap<>();
  private final Map<Long, HistoryRecord.FaultBegin> openFaults = new LinkedHashMap<>();
  private final List<Fault> faults = new ArrayList<>();
  private long highestOp;
  private long lastAt;

  /**
   * @param place of the record, for errors
   */
  void add(HistoryRecord record, String place) {
    lastAt = Math.max(lastAt, record.at());
    if (record instanceof HistoryRecord.Invocation invocation) {
      invoke(invocation, place);
    } else if (record instanceof HistoryRecord.Completion completion) {
      complete(completion, place);
    } else if (record instanceof HistoryRecord.Delivery delivery) {
      deliver(delivery, place);
    } else if (record instanceof HistoryRecord.ConsumerStart start) {
      consumers
          .computeIfAbsent(
              start.consumer(), name -> new Consumer(name, start.kind(), start.prefix()))
          .start(start.after());
    } else if (record instanceof HistoryRecord.CaughtUp caughtUp) {
      consumer(caughtUp.consumer(), place).catchUp();
    } else if (record instanceof HistoryRecord.FaultBegin begin) {
      openFaults.put(begin.fault(), begin);
    } else if (record instanceof HistoryRecord.FaultEnd end) {
      HistoryRecord.FaultBegin begin = openFaults.remove(end.fault());
      if (begin == null) {
        throw new UnusableHistoryException(
            "%s: fault %d ends, but has not begun".formatted(place, end.fault()));
      }
      faults.add(fault(begin, end.at()));
    } else {
      throw new UnusableHistoryException("%s: a second header".formatted(place));
    }
  }

  private void invoke(HistoryRecord.Invocation invocation, String place) {
    // Numbers rise but for threads that overtake each other, so most need no look into the map.
    if (invocation.op() <= highestOp && open.containsKey(invocation.op())) {
      throw new UnusableHistoryException(
          "%s: operation %d is invoked twice".formatted(place, invocation.op()));
    }
    highestOp = Math.max(highestOp, invocation.op());
    open.put(invocation.op(), invocation);
  }

  private void complete(HistoryRecord.Completion completion, String place) {
    HistoryRecord.Invocation invocation = open.remove(completion.op());
    if (invocation == null) {
      throw new UnusableHistoryException(
          "%s: operation %d completes, but is not under way".formatted(place, completion.op()));
    }
    if (completion.at() < invocation.at()) {
      throw new UnusableHistoryException(
          "%s: operation %d completes at %d, before its invocation at %d"
              .formatted(place, completion.op(), completion.at(), invocation.at()));
    }
    if (completion.outcome() instanceof Outcome.Ok ok
        && !invocation.operation().isAnsweredBy(ok.result())) {
      throw new UnusableHistoryException(
          "%s: operation %d, %s, cannot be answered with %s"
              .formatted(place, completion.op(), invocation.operation(), ok.result()));
    }
    add(invocation, completion.at(), shared(completion.outcome()));
  }

  private void add(HistoryRecord.Invocation invocation, long completedAt, Outcome outcome) {
    Operation operation = shared(invocation.operation());
    stream(operation.stream())
        .add(
            new Op(
                invocation.op(),
                shared(invocation.client()),
                operation,
                invocation.at(),
                completedAt,
                outcome));
  }

  private void deliver(HistoryRecord.Delivery delivery, String place) {
    Consumer consumer = consumer(delivery.consumer(), place);
    StreamHistory stream = stream(delivery.stream());
    stream.add(
        new Delivered(
            consumer,
            consumer.nextOrdinal(),
            delivery.at(),
            stream.id(),
            delivery.version(),
            shared(delivery.id())));
  }

  private Consumer consumer(String name, String place) {
    Consumer consumer = consumers.get(name);
    if (consumer == null) {
      throw new UnusableHistoryException(
          "%s: consumer '%s' has not started".formatted(place, name));
    }
    return consumer;
  }

  private StreamHistory stream(String id) {
    return streams.computeIfAbsent(shared(id), StreamHistory::new);
  }

  private static Fault fault(HistoryRecord.FaultBegin begin, long end) {
    return new Fault(begin.at(), end, begin.kind(), begin.where(), begin.detail());
  }

  RecordedHistory end(HistoryRecord.Header header, boolean cutOff) {
    if (streams.isEmpty() && open.isEmpty()) {
      throw new UnusableHistoryException("the history has no operation: there is nothing to check");
    }
    open.values().forEach(invocation -> add(invocation, Op.NEVER, NO_ANSWER));
    openFaults.values().forEach(begin -> faults.add(fault(begin, Op.NEVER)));
    return new RecordedHistory(
        header, streams.values(), List.copyOf(consumers.values()), faults, lastAt, cutOff);
  }

  /** Ids stand in a history many times; in memory once. */
  private String shared(String text) {
    String same = texts.putIfAbsent(text, text);
    return same == null ? text : same;
  }

  private Operation shared(Operation operation) {
    if (operation instanceof Operation.Append append) {
      return new Operation.Append(shared(append.stream()), shared(append.ids()), append.expected());
    } else if (operation instanceof Operation.Persist persist) {
      return new Operation.Persist(
          shared(persist.stream()), shared(persist.ids()), persist.after());
    }
    return operation;
  }

  private List<String> shared(List<String> ids) {
    return ids.stream().map(this::shared).toList();
  }

  private Outcome shared(Outcome outcome) {
    if (outcome instanceof Outcome.Ok ok) {
      if (ok.result() instanceof Result.Events read) {
        return Outcome.ok(
            new Result.Events(read.version(), read.continueFrom(), sharedEvents(read.events())));
      } else if (ok.result() instanceof Result.Recovered recovered) {
        return Outcome.ok(
            new Result.Recovered(
                recovered.version(), recovered.snapshotAt(), sharedEvents(recovered.events())));
      }
    } else if (outcome instanceof Outcome.Unknown unknown) {
      return new Outcome.Unknown(shared(unknown.reason()));
    } else if (outcome instanceof Outcome.Unavailable unavailable) {
      return new Outcome.Unavailable(shared(unavailable.reason()));
    }
    return outcome;
  }

  private List<Event> sharedEvents(List<Event> events) {
    return events.stream().map(event -> new Event(event.version(), shared(event.id()))).toList();
  }
}
