// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.run;

import io.holdfast.chaos.app.DrawnIds;
import io.holdfast.chaos.history.Consistency;
import io.holdfast.chaos.history.Event;
import io.holdfast.chaos.history.Expected;
import io.holdfast.chaos.history.HistoryWriter;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import io.holdfast.chaos.history.Result;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;

/** Appends to streams that others append to as well, reads them, and deletes from some. */
final class StreamClient extends Client {
  private static final int LARGEST_BATCH = 6;
  private static final int KEPT_RETRIES = 20;

  private final Streams streams;
  private final Map<String, Long> versions = new HashMap<>();

  /** Appends whose outcome is not known, to be repeated. */
  private final Queue<Operation.Append> unknown = new ArrayDeque<>();

  private long events;

  StreamClient(
      String name,
      Applications applications,
      Streams streams,
      HistoryWriter history,
      Tally tally,
      Random random) {
    super(name, applications, history, tally, random);
    this.streams = streams;
  }

  @Override
  void step() throws InterruptedException {
    String stream = streams.next(random());
    int dice = random().nextInt(100);
    if (dice < 8 && !unknown.isEmpty()) {
      append(unknown.remove());
    } else if (dice < 45) {
      append(new Operation.Append(stream, newIds(1), Expected.exactly(version(stream))));
    } else if (dice < 57) {
      append(new Operation.Append(stream, newIds(1), Expected.any()));
    } else if (dice < 59) {
      append(new Operation.Append(stream, newIds(1), Expected.noStream()));
    } else if (dice < 61) {
      append(new Operation.Append(stream, newIds(1), Expected.streamExists()));
    } else if (dice < 72) {
      int size = 2 + random().nextInt(LARGEST_BATCH - 1);
      Expected expected =
          random().nextBoolean() ? Expected.any() : Expected.exactly(version(stream));
      append(new Operation.Append(stream, newIds(size), expected));
    } else if (dice < 97 || !Streams.isDeletable(stream)) {
      read(stream);
    } else {
      change(stream);
    }
  }

  private long version(String stream) {
    return versions.getOrDefault(stream, 0L);
  }

  /** Of one append. Some are as if the store drew them: those must not be sent again. */
  private List<String> newIds(int count) {
    String mark = random().nextInt(3) == 0 ? "-drawn-" : "-";
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events++;
      ids.add(name() + mark + events);
    }
    return ids;
  }

  private void append(Operation.Append append) throws InterruptedException {
    Outcome outcome = perform(anyApplication(), append);
    if (outcome instanceof Outcome.Ok ok && ok.result() instanceof Result.Appended appended) {
      saw(append.stream(), appended.last());
    } else if (outcome instanceof Outcome.Conflict conflict) {
      saw(append.stream(), conflict.actualVersion());
    } else if (outcome instanceof Outcome.Unknown
        && unknown.size() < KEPT_RETRIES
        && !DrawnIds.isDrawn(append.ids().get(0))) {
      unknown.add(append);
    }
  }

  private void saw(String stream, long version) {
    if (version > version(stream)) {
      versions.put(stream, version);
    }
  }

  private void read(String stream) throws InterruptedException {
    Consistency consistency =
        random().nextInt(3) == 0 ? Consistency.OWNER : Consistency.LINEARIZABLE;
    Outcome outcome = perform(anyApplication(), reading(stream, consistency));
    if (outcome instanceof Outcome.Ok ok) {
      if (ok.result() instanceof Result.Version found) {
        saw(stream, found.version());
      } else if (ok.result() instanceof Result.Events found) {
        found.events().stream().mapToLong(Event::version).forEach(seen -> saw(stream, seen));
      }
    }
  }

  private Operation reading(String stream, Consistency consistency) {
    return switch (random().nextInt(6)) {
      case 0 -> new Operation.GetVersion(stream, consistency);
      case 1 -> new Operation.Exists(stream, consistency);
      case 2 -> new Operation.GetInfo(stream, consistency);
      case 3 ->
          new Operation.Read(
              stream, 1, Long.MAX_VALUE, 1 + random().nextInt(10), true, consistency, false);
      case 4 -> {
        long from = 1 + (long) (random().nextDouble() * (version(stream) + 1));
        yield new Operation.Read(
            stream, from, from + random().nextInt(20), 0, false, consistency, false);
      }
      default -> Operation.Read.all(stream, consistency);
    };
  }

  private void change(String stream) throws InterruptedException {
    int dice = random().nextInt(20);
    Operation operation =
        dice < 14
            ? new Operation.Truncate(stream, 1 + (long) (random().nextDouble() * version(stream)))
            : dice < 17
                ? new Operation.SetMaxCount(stream, 10 + random().nextInt(20))
                : dice < 19
                    ? new Operation.Delete(stream, Expected.any())
                    : new Operation.Close(stream, Expected.any());
    perform(anyApplication(), operation);
  }
}
