// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import io.holdfast.chaos.checker.HistoryEdit.Call;
import io.holdfast.chaos.history.Consistency;
import io.holdfast.chaos.history.Event;
import io.holdfast.chaos.history.Expected;
import io.holdfast.chaos.history.HistoryRecord;
import io.holdfast.chaos.history.HistoryRecord.Delivery;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import io.holdfast.chaos.history.Result;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Something that a store which keeps its promises never does, done to a correct history. */
enum Mutation {
  DROP_ACKNOWLEDGED(ViolationKind.LOST) {
    @Override
    boolean change(HistoryEdit history) {
      Call append = history.acknowledged(call -> true);
      return append != null && dropFromLastRead(history, append.stream(), append.ids().get(0));
    }
  },
  DROP_THE_LAST_ACKNOWLEDGED(ViolationKind.LOST) {
    @Override
    boolean change(HistoryEdit history) {
      Call append = history.acknowledged(call -> isAtTheEnd(history, call));
      Call last = append == null ? null : history.lastRead(append.stream());
      if (append == null || last == null) {
        return false;
      }
      List<Event> events = last.events().subList(0, last.events().size() - 1);
      history.events(last, last.version() - 1, events);
      return true;
    }
  },
  DOUBLE_ACKNOWLEDGED(ViolationKind.DOUBLED) {
    @Override
    boolean change(HistoryEdit history) {
      Call append = history.acknowledged(call -> true);
      return append != null && addToLastRead(history, append.stream(), append.ids().get(0));
    }
  },
  DOUBLE_UNKNOWN(ViolationKind.DOUBLED) {
    @Override
    boolean change(HistoryEdit history) {
      Call append = unknownButStored(history);
      return append != null && addToLastRead(history, append.stream(), append.ids().get(0));
    }
  },
  APPENDED_TWICE(ViolationKind.DOUBLED) {
    @Override
    boolean change(HistoryEdit history) {
      Call append =
          history.acknowledged(call -> call.appended() != null && !call.appended().already());
      if (append == null) {
        return false;
      }
      long at = append.completion().at();
      history.add(at + 1, at + 2, append.operation(), append.completion().outcome());
      return true;
    }
  },
  SWAP_VERSIONS(ViolationKind.WRONG_VERSION) {
    @Override
    boolean change(HistoryEdit history) {
      Call append = history.acknowledged(call -> !isAtTheEnd(history, call));
      Call last = append == null ? null : history.lastRead(append.stream());
      return append != null
          && last != null
          && changeEvents(history, last, events -> swapped(events, append.ids().get(0)));
    }
  },
  TELL_ANOTHER_VERSION(ViolationKind.WRONG_VERSION) {
    @Override
    boolean change(HistoryEdit history) {
      Call append = history.acknowledged(call -> !isAtTheEnd(history, call));
      if (append == null || append.appended() == null) {
        return false;
      }
      long version = append.appended().first() + 1;
      history.answer(append, new Result.Appended(version, version, false));
      return true;
    }
  },
  SWAP_IN_A_READ(ViolationKind.REPLACED) {
    @Override
    boolean change(HistoryEdit history) {
      Call read = history.any(call -> !call.isLast() && call.events().size() > 2);
      return read != null
          && changeEvents(history, read, events -> swapped(events, events.get(0).id()));
    }
  },
  TEAR_BATCH_AT_THE_END(ViolationKind.TORN_BATCH) {
    @Override
    boolean change(HistoryEdit history) {
      Call read =
          history.any(
              call -> {
                Call batch = batchOfLastEvent(history, call);
                return !call.isLast() && batch != null && batch.ids().size() > 1;
              });
      if (read == null) {
        return false;
      }
      List<Event> events = read.events().subList(0, read.events().size() - 1);
      history.events(read, read.version() - 1, events);
      return true;
    }
  },
  TEAR_UNKNOWN_BATCH(ViolationKind.TORN_BATCH) {
    @Override
    boolean change(HistoryEdit history) {
      Call last =
          history.any(
              call -> {
                Call batch = batchOfLastEvent(history, call);
                return call.isLast() && batch != null && batch.ids().size() > 1;
              });
      if (last == null) {
        return false;
      }
      List<Event> events = last.events().subList(0, last.events().size() - 1);
      history.events(last, last.version() - 1, events);
      return true;
    }
  },
  STALE_VERSION(ViolationKind.STALE_READ, ViolationKind.TORN_BATCH) {
    @Override
    boolean change(HistoryEdit history) {
      for (Call append : history.calls(call -> call.appended() != null)) {
        Call asked =
            history.any(
                call ->
                    call.operation() instanceof Operation.GetVersion
                        && call.isLinearizable()
                        && isAfter(call, append));
        if (asked != null && append.appended() != null) {
          history.answer(asked, new Result.Version(append.appended().first() - 1));
          return true;
        }
      }
      return false;
    }
  },
  STALE_EXISTENCE(ViolationKind.STALE_READ) {
    @Override
    boolean change(HistoryEdit history) {
      Call asked = existence(history, true, true);
      if (asked == null) {
        return false;
      }
      history.answer(asked, new Result.Existence(false));
      return true;
    }
  },
  EXISTENCE_BEFORE_ANY_EVENT(ViolationKind.FUTURE_READ) {
    @Override
    boolean change(HistoryEdit history) {
      Call asked = history.any(call -> isBeforeAllAppends(history, call));
      if (asked == null) {
        return false;
      }
      history.answer(asked, new Result.Existence(true));
      return true;
    }
  },
  FUTURE_VERSION(ViolationKind.FUTURE_READ) {
    @Override
    boolean change(HistoryEdit history) {
      return tellTheFuture(history, Consistency.LINEARIZABLE);
    }
  },
  FUTURE_VERSION_OF_THE_OWNER(ViolationKind.FUTURE_READ) {
    @Override
    boolean change(HistoryEdit history) {
      return tellTheFuture(history, Consistency.OWNER);
    }
  },
  PHANTOM(ViolationKind.PHANTOM) {
    @Override
    boolean change(HistoryEdit history) {
      Call read = history.any(call -> !call.events().isEmpty());
      return read != null
          && changeEvents(
              history,
              read,
              events -> {
                events.set(0, new Event(events.get(0).version(), "nobody's"));
                return events;
              });
    }
  },
  VANISHED(ViolationKind.VANISHED) {
    @Override
    boolean change(HistoryEdit history) {
      Call append = unknownButStored(history);
      return append != null && dropFromLastRead(history, append.stream(), append.ids().get(0));
    }
  },
  GAP(ViolationKind.GAP, ViolationKind.VANISHED) {
    @Override
    boolean change(HistoryEdit history) {
      Call read =
          history.any(
              call ->
                  !call.isLast()
                      && call.events().size() > 2
                      && call.operation() instanceof Operation.Read asked
                      && asked.limit() == 0);
      return read != null
          && changeEvents(
              history,
              read,
              events -> {
                events.remove(1);
                return events;
              });
    }
  },
  BACKWARDS(ViolationKind.UNORDERED_READ) {
    @Override
    boolean change(HistoryEdit history) {
      Call read = history.any(call -> call.events().size() > 1);
      return read != null
          && changeEvents(
              history,
              read,
              events -> {
                Collections.reverse(events);
                return events;
              });
    }
  },
  REFUSED_BUT_STORED(ViolationKind.REFUSED_BUT_STORED) {
    @Override
    boolean change(HistoryEdit history) {
      Call append =
          history.any(
              call ->
                  call.operation() instanceof Operation.Append
                      && call.ids().size() == 1
                      && isTheOnlyAttempt(history, call)
                      && (call.completion().outcome() instanceof Outcome.Conflict
                          || call.completion().outcome() instanceof Outcome.Unavailable));
      return append != null && addToLastRead(history, append.stream(), append.ids().get(0));
    }
  },
  CONFLICT_WITHOUT_REASON(ViolationKind.UNEXPLAINED_CONFLICT) {
    @Override
    boolean change(HistoryEdit history) {
      Call append = conflict(history);
      if (append == null) {
        return false;
      }
      long version = ((Outcome.Conflict) append.completion().outcome()).actualVersion();
      history.ask(
          append, new Operation.Append(append.stream(), append.ids(), Expected.exactly(version)));
      return true;
    }
  },
  CONFLICT_OF_ANY(ViolationKind.UNEXPLAINED_CONFLICT) {
    @Override
    boolean change(HistoryEdit history) {
      Call append = conflict(history);
      if (append == null) {
        return false;
      }
      history.ask(append, new Operation.Append(append.stream(), append.ids(), Expected.any()));
      return true;
    }
  },
  CONFLICT_OF_NO_STREAM_BEFORE_ANY_EVENT(ViolationKind.UNEXPLAINED_CONFLICT) {
    @Override
    boolean change(HistoryEdit history) {
      Call before = history.any(call -> isBeforeAllAppends(history, call));
      if (before == null) {
        return false;
      }
      history.ask(
          before, new Operation.Append(before.stream(), List.of("fresh"), Expected.noStream()));
      history.answer(before, new Outcome.Conflict(0));
      return true;
    }
  },
  CONFLICT_OF_STREAM_EXISTS(ViolationKind.UNEXPLAINED_CONFLICT) {
    @Override
    boolean change(HistoryEdit history) {
      Call asked = existence(history, true, true);
      Call last = asked == null ? null : history.lastRead(asked.stream());
      if (asked == null || last == null) {
        return false;
      }
      history.ask(
          asked, new Operation.Append(asked.stream(), List.of("fresh"), Expected.streamExists()));
      history.answer(asked, new Outcome.Conflict(0));
      return true;
    }
  },
  CONFLICT_WITH_AN_OLD_VERSION(ViolationKind.UNEXPLAINED_CONFLICT) {
    @Override
    boolean change(HistoryEdit history) {
      for (Call append : history.calls(call -> call.appended() != null)) {
        Call conflict =
            history.any(
                call ->
                    call.completion().outcome() instanceof Outcome.Conflict
                        && isAfter(call, append));
        if (conflict != null && append.appended() != null) {
          history.answer(conflict, new Outcome.Conflict(append.appended().first() - 1));
          return true;
        }
      }
      return false;
    }
  },
  CLOSED_BY_NOBODY(ViolationKind.UNEXPLAINED_REFUSAL) {
    @Override
    boolean change(HistoryEdit history) {
      Call append = history.any(call -> call.completion().outcome() instanceof Outcome.Conflict);
      if (append == null) {
        return false;
      }
      history.answer(append, new Outcome.Refused(true, "closed"));
      return true;
    }
  },
  APPENDED_AFTER_CLOSE(ViolationKind.APPENDED_AFTER_CLOSE) {
    @Override
    boolean change(HistoryEdit history) {
      Call last = history.any(call -> call.isLast() && history.lastRead(call.stream()) != null);
      if (last == null) {
        return false;
      }
      long version = last.version();
      long at = last.invocation().at();
      Operation append = new Operation.Append(last.stream(), List.of("fresh"), Expected.any());
      history.add(
          at,
          at,
          new Operation.Close(last.stream(), Expected.any()),
          Outcome.ok(new Result.Info(version, 1, true, 0)));
      history.add(
          history.end() + 1,
          history.end() + 2,
          append,
          Outcome.ok(new Result.Appended(version + 1, version + 1, false)));
      return true;
    }
  },
  BREAK_AN_EXACT_EXPECTATION(ViolationKind.EXPECTATION_BROKEN) {
    @Override
    boolean change(HistoryEdit history) {
      return expectOtherwise(history, Expected.exactly(77));
    }
  },
  BREAK_NO_STREAM(ViolationKind.EXPECTATION_BROKEN) {
    @Override
    boolean change(HistoryEdit history) {
      return expectOtherwise(history, Expected.noStream());
    }
  },
  SNAPSHOT_OF_ANOTHER_EVENT(ViolationKind.SNAPSHOT_MISMATCH) {
    @Override
    boolean change(HistoryEdit history) {
      return changeSnapshot(history, events -> swapped(events, events.get(0).id()), 0);
    }
  },
  SNAPSHOT_WITHOUT_AN_EVENT(ViolationKind.SNAPSHOT_MISMATCH) {
    @Override
    boolean change(HistoryEdit history) {
      return changeSnapshot(
          history,
          events -> {
            events.remove(0);
            return events;
          },
          0);
    }
  },
  SNAPSHOT_AHEAD_OF_ITS_EVENTS(ViolationKind.SNAPSHOT_MISMATCH) {
    @Override
    boolean change(HistoryEdit history) {
      return changeSnapshot(history, events -> events, 100);
    }
  },
  PHANTOM_IN_THE_FEED(ViolationKind.DELIVERY_PHANTOM) {
    @Override
    boolean change(HistoryEdit history) {
      Delivery delivery = anyDelivery(history, "feed-all", one -> true);
      if (delivery == null) {
        return false;
      }
      history.replace(
          delivery,
          new Delivery(
              delivery.at(), delivery.consumer(), delivery.stream(), delivery.version(), "none"));
      return true;
    }
  },
  GAP_IN_THE_FEED(ViolationKind.DELIVERY_GAP) {
    @Override
    boolean change(HistoryEdit history) {
      return withhold(history, "feed-orders", false);
    }
  },
  GAP_IN_THE_SUBSCRIPTION(ViolationKind.DELIVERY_GAP) {
    @Override
    boolean change(HistoryEdit history) {
      return withhold(history, "subscription", false);
    }
  },
  END_OF_THE_FEED_MISSING(ViolationKind.DELIVERY_MISSING) {
    @Override
    boolean change(HistoryEdit history) {
      return withhold(history, "feed-all", true);
    }
  },
  END_OF_THE_SUBSCRIPTION_MISSING(ViolationKind.DELIVERY_MISSING) {
    @Override
    boolean change(HistoryEdit history) {
      return withhold(history, "subscription", true);
    }
  },
  FEED_OUT_OF_ORDER(ViolationKind.DELIVERY_OUT_OF_ORDER) {
    @Override
    boolean change(HistoryEdit history) {
      Delivery first = anyDelivery(history, "subscription", one -> one.version() == 1);
      if (first == null) {
        return false;
      }
      List<Delivery> same = ofStream(history, first);
      int index = same.indexOf(first);
      if (index > 0 || index + 1 >= same.size() || same.get(index + 1).version() != 2) {
        return false;
      }
      Delivery second = same.get(index + 1);
      int place = history.records.indexOf(first);
      history.records.set(history.records.indexOf(second), first);
      history.records.set(place, second);
      return true;
    }
  };

  private final ViolationKind kind;
  private final ViolationKind or;

  Mutation(ViolationKind kind) {
    this(kind, kind);
  }

  Mutation(ViolationKind kind, ViolationKind or) {
    this.kind = kind;
    this.or = or;
  }

  /** Whether one of the kinds that name it is among them. */
  boolean isFoundAs(Set<ViolationKind> found) {
    return found.contains(kind) || found.contains(or);
  }

  /** Whether there was something to change. */
  abstract boolean change(HistoryEdit history);

  private static boolean isAfter(Call call, Call other) {
    return call.stream().equals(other.stream()) && call.invocation().at() > other.completion().at();
  }

  private static boolean isAtTheEnd(HistoryEdit history, Call append) {
    Call last = history.lastRead(append.stream());
    return last != null && append.appended() != null && last.version() == append.appended().last();
  }

  private static boolean isTheOnlyAttempt(HistoryEdit history, Call append) {
    return history.records.stream()
            .filter(
                record ->
                    record instanceof HistoryRecord.Invocation invocation
                        && invocation.operation() instanceof Operation.Append other
                        && other.ids().equals(append.ids()))
            .count()
        == 1;
  }

  private static boolean isBeforeAllAppends(HistoryEdit history, Call call) {
    return call.operation() instanceof Operation.Exists
        && history.lastRead(call.stream()) != null
        && history.records.stream()
            .noneMatch(
                record ->
                    record instanceof HistoryRecord.Invocation invocation
                        && invocation.operation() instanceof Operation.Append append
                        && append.stream().equals(call.stream())
                        && append.ids().size() > 0
                        && invocation.at() <= call.completion().at());
  }

  private static @Nullable Call existence(
      HistoryEdit history, boolean exists, boolean afterAnAppend) {
    return history.any(
        call ->
            call.operation() instanceof Operation.Exists
                && call.isLinearizable()
                && call.result() instanceof Result.Existence existence
                && existence.exists() == exists
                && (!afterAnAppend
                    || history.any(other -> other.appended() != null && isAfter(call, other))
                        != null));
  }

  private static @Nullable Call conflict(HistoryEdit history) {
    return history.any(
        call ->
            call.operation() instanceof Operation.Append
                && call.completion().outcome() instanceof Outcome.Conflict
                && isTheOnlyAttempt(history, call)
                && history.lastRead(call.stream()) != null);
  }

  /** An append of one event, of unknown outcome, whose event somebody has read. */
  private static @Nullable Call unknownButStored(HistoryEdit history) {
    return history.any(
        call ->
            call.completion().outcome() instanceof Outcome.Unknown
                && call.ids().size() == 1
                && isTheOnlyAttempt(history, call)
                && history.lastRead(call.stream()) != null
                && history.any(
                        read ->
                            !read.isLast()
                                && read.isLinearizable()
                                && read.events().stream()
                                    .anyMatch(event -> event.id().equals(call.ids().get(0))))
                    != null);
  }

  private static @Nullable Call batchOfLastEvent(HistoryEdit history, Call read) {
    if (read.events().isEmpty()
        || read.version() < 0
        || read.events().get(read.events().size() - 1).version() != read.version()) {
      return null;
    }
    String id = read.events().get(read.events().size() - 1).id();
    return history.any(call -> call.ids().contains(id));
  }

  private static boolean changeEvents(
      HistoryEdit history, Call read, UnaryOperator<List<Event>> change) {
    Result.Events result = (Result.Events) ((Outcome.Ok) read.completion().outcome()).result();
    List<Event> events = change.apply(new ArrayList<>(result.events()));
    history.answer(read, new Result.Events(result.version(), result.continueFrom(), events));
    return true;
  }

  private static boolean dropFromLastRead(HistoryEdit history, String stream, String id) {
    Call last = history.lastRead(stream);
    return last != null
        && changeEvents(
            history,
            last,
            events -> {
              events.removeIf(event -> event.id().equals(id));
              return events;
            });
  }

  private static boolean addToLastRead(HistoryEdit history, String stream, String id) {
    Call last = history.lastRead(stream);
    if (last == null) {
      return false;
    }
    List<Event> events = new ArrayList<>(last.events());
    events.add(new Event(last.version() + 1, id));
    history.events(last, last.version() + 1, events);
    return true;
  }

  /** The event and the next one change places. */
  private static List<Event> swapped(List<Event> events, String id) {
    for (int i = 0; i + 1 < events.size(); i++) {
      if (events.get(i).id().equals(id)) {
        Event next = events.get(i + 1);
        events.set(i + 1, new Event(next.version(), id));
        events.set(i, new Event(events.get(i).version(), next.id()));
        return events;
      }
    }
    return events;
  }

  private static boolean tellTheFuture(HistoryEdit history, Consistency consistency) {
    for (Call append : history.calls(call -> call.appended() != null)) {
      Call asked =
          history.any(
              call ->
                  call.operation() instanceof Operation.GetVersion get
                      && get.consistency() == consistency
                      && isAfter(append, call));
      if (asked != null
          && append.appended() != null
          && history.calls(call -> call.ids().equals(append.ids())).size() == 1) {
        history.answer(asked, new Result.Version(append.appended().last()));
        return true;
      }
    }
    return false;
  }

  private static boolean expectOtherwise(HistoryEdit history, Expected expected) {
    Call append =
        history.acknowledged(
            call ->
                call.operation() instanceof Operation.Append
                    && isTheOnlyAttempt(history, call)
                    && call.appended() != null
                    && call.appended().first() > 1);
    if (append == null) {
      return false;
    }
    history.ask(append, new Operation.Append(append.stream(), append.ids(), expected));
    return true;
  }

  private static boolean changeSnapshot(
      HistoryEdit history, UnaryOperator<List<Event>> change, long ahead) {
    Call recovery =
        history.any(
            call ->
                call.result() instanceof Result.Recovered recovered && recovered.snapshotAt() > 1);
    if (recovery == null || !(recovery.result() instanceof Result.Recovered recovered)) {
      return false;
    }
    List<Event> events = change.apply(new ArrayList<>(recovered.events()));
    history.answer(
        recovery,
        new Result.Recovered(recovered.version(), recovered.snapshotAt() + ahead, events));
    return true;
  }

  private static @Nullable Delivery anyDelivery(
      HistoryEdit history, String consumer, Predicate<Delivery> wanted) {
    List<Delivery> deliveries =
        history.deliveries(one -> one.consumer().equals(consumer) && wanted.test(one));
    return deliveries.isEmpty() ? null : deliveries.get(history.random.nextInt(deliveries.size()));
  }

  private static List<Delivery> ofStream(HistoryEdit history, Delivery delivery) {
    return history.deliveries(
        one ->
            one.consumer().equals(delivery.consumer()) && one.stream().equals(delivery.stream()));
  }

  /** A consumer is never given an event. */
  private static boolean withhold(HistoryEdit history, String consumer, boolean last) {
    Delivery some = anyDelivery(history, consumer, one -> true);
    if (some == null) {
      return false;
    }
    List<Delivery> same = ofStream(history, some);
    long end = same.stream().mapToLong(Delivery::version).max().orElse(0);
    long version = last ? end : some.version();
    if (!last && version == end) {
      return false;
    }
    // Numbers of deliveries count, so others stay what they are: this one comes as another.
    for (Delivery delivery : same) {
      if (delivery.version() == version) {
        Delivery other = same.get(0).version() == version ? null : same.get(0);
        if (other == null) {
          return false;
        }
        history.replace(
            delivery,
            new Delivery(delivery.at(), consumer, other.stream(), other.version(), other.id()));
      }
    }
    return true;
  }
}
