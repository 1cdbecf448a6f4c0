// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.HistoryRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;

/** Reads the log of a store that keeps its promises; falls behind, comes again, begins anew. */
final class ModelConsumer {
  /** An event of the log. */
  record Logged(String stream, long version) {}

  private final String name;
  private final String kind;
  private final String prefix;
  private final List<Logged> log;
  private final Function<String, ModelStream> streams;
  private final Consumer<HistoryRecord> records;
  private final Random random;

  /** Where in the log each of its deliveries that count stood, and which it was. */
  private final List<int[]> places = new ArrayList<>();

  private int next;
  private int deliveries;

  ModelConsumer(
      String name,
      String kind,
      String prefix,
      List<Logged> log,
      Function<String, ModelStream> streams,
      Consumer<HistoryRecord> records,
      Random random) {
    this.name = name;
    this.kind = kind;
    this.prefix = prefix;
    this.log = log;
    this.streams = streams;
    this.records = records;
    this.random = random;
    records.accept(new HistoryRecord.ConsumerStart(0, name, kind, prefix, 0));
  }

  String name() {
    return name;
  }

  void readSome(long now) {
    for (int i = random.nextInt(4); i > 0 && next < log.size(); i--) {
      deliver(now);
    }
    if (random.nextInt(20) == 0 && !places.isEmpty()) {
      goBack(now);
    }
  }

  void readAll(long now) {
    while (next < log.size()) {
      deliver(now);
    }
  }

  private void deliver(long now) {
    Logged logged = log.get(next++);
    ModelStream stream = streams.apply(logged.stream());
    if (stream.isDeleted(logged.version()) || !logged.stream().startsWith(prefix)) {
      return;
    }
    deliveries++;
    places.add(new int[] {next, deliveries});
    records.accept(
        new HistoryRecord.Delivery(
            now, name, logged.stream(), logged.version(), stream.event(logged.version()).id()));
  }

  private void goBack(long now) {
    int keep = random.nextInt(places.size());
    if (kind.equals("feed")) {
      places.subList(keep + 1, places.size()).clear();
      int[] place = places.get(keep);
      records.accept(new HistoryRecord.ConsumerStart(now, name, kind, prefix, place[1]));
      next = place[0];
    } else {
      next = places.get(keep)[0];
    }
  }
}
