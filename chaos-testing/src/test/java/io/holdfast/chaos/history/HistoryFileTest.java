// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFileTest {
  @TempDir Path folder;

  private Path file() {
    return folder.resolve("history.jsonl");
  }

  private static List<HistoryRecord> read(HistoryReader reader) {
    List<HistoryRecord> records = new ArrayList<>();
    for (HistoryRecord record = reader.next(); record != null; record = reader.next()) {
      records.add(record);
    }
    return records;
  }

  private List<HistoryRecord> read() {
    try (HistoryReader reader = HistoryReader.open(file())) {
      return read(reader);
    }
  }

  private static List<Operation> everyOperation() {
    return List.of(
        new Operation.Append("s", List.of("a", "b"), Expected.any()),
        new Operation.Append("s", List.of("c"), Expected.noStream()),
        new Operation.Append("s", List.of("d"), Expected.streamExists()),
        new Operation.Append("s", List.of(), Expected.exactly(7)),
        new Operation.Persist("p|1", List.of("e"), 3),
        Operation.Read.all("s", Consistency.OWNER),
        Operation.Read.last("s", 11),
        new Operation.Read("s", 2, 9, 3, true, Consistency.LINEARIZABLE, false),
        new Operation.GetVersion("s", Consistency.LINEARIZABLE),
        new Operation.Exists("s", Consistency.OWNER),
        new Operation.GetInfo("s", Consistency.LINEARIZABLE),
        new Operation.Truncate("s", 4),
        new Operation.Delete("s", Expected.exactly(8)),
        new Operation.Close("s", Expected.any()),
        new Operation.SetMaxCount("s", 5),
        new Operation.Recover("p|1"));
  }

  private static List<Outcome> everyOutcome() {
    List<Event> events = List.of(new Event(4, "x"), new Event(5, "y \" \u00e4"));
    return List.of(
        Outcome.ok(new Result.Appended(1, 2, true)),
        Outcome.ok(new Result.Events(5, 0, events)),
        Outcome.ok(new Result.Version(5)),
        Outcome.ok(new Result.Existence(false)),
        Outcome.ok(new Result.Info(5, 4, true, 2)),
        Outcome.ok(new Result.Recovered(5, 3, events)),
        new Outcome.Conflict(6),
        new Outcome.Refused(true, "closed"),
        new Outcome.Unavailable("Cassandra does not answer"),
        new Outcome.Unknown("the node died"));
  }

  @Test
  void givesBackEveryKindOfRecord() {
    AtomicLong clock = new AtomicLong();
    List<HistoryRecord> expected = new ArrayList<>();
    try (HistoryWriter history =
        HistoryWriter.create(file(), 42, Map.of("nodes", "3"), clock::incrementAndGet)) {
      for (Operation operation : everyOperation()) {
        long number = history.invoke("client-1", operation);
        expected.add(new HistoryRecord.Invocation(clock.get(), number, "client-1", operation));
      }
      long number = 0;
      for (Outcome outcome : everyOutcome()) {
        history.complete(++number, outcome);
        expected.add(new HistoryRecord.Completion(clock.get(), number, outcome));
      }
      long fault = history.beginFault("freeze", "app-2", "for 3 s");
      expected.add(new HistoryRecord.FaultBegin(clock.get(), fault, "freeze", "app-2", "for 3 s"));
      history.endFault(fault);
      expected.add(new HistoryRecord.FaultEnd(clock.get(), fault));
      history.startConsumer("feed-1", "feed", "Order|", 0);
      expected.add(new HistoryRecord.ConsumerStart(clock.get(), "feed-1", "feed", "Order|", 0));
      assertThat(history.deliver("feed-1", "s", 1, "a")).isEqualTo(1);
      expected.add(new HistoryRecord.Delivery(clock.get(), "feed-1", "s", 1, "a"));
      history.caughtUp("feed-1");
      expected.add(new HistoryRecord.CaughtUp(clock.get(), "feed-1"));
    }
    try (HistoryReader reader = HistoryReader.open(file())) {
      assertThat(reader.header().seed()).isEqualTo(42);
      assertThat(reader.header().settings()).containsEntry("nodes", "3");
      assertThat(read(reader)).isEqualTo(expected);
      assertThat(reader.wasCutOff()).isFalse();
    }
  }

  @Test
  void keepsTheLinesOfManyThreadsWhole() {
    try (HistoryWriter history = HistoryWriter.create(file(), 1, Map.of())) {
      CompletableFuture<?>[] clients =
          IntStream.range(0, 4)
              .mapToObj(
                  client ->
                      CompletableFuture.runAsync(
                          () -> {
                            for (int i = 0; i < 1_000; i++) {
                              long number =
                                  history.invoke("client-" + client, everyOperation().get(0));
                              history.complete(number, everyOutcome().get(0));
                            }
                          }))
              .toArray(CompletableFuture<?>[]::new);
      CompletableFuture.allOf(clients).join();
    }
    List<HistoryRecord> records = read();
    assertThat(records).hasSize(8_000);
    assertThat(records)
        .filteredOn(HistoryRecord.Invocation.class::isInstance)
        .extracting(record -> ((HistoryRecord.Invocation) record).op())
        .doesNotHaveDuplicates();
  }

  @Test
  void readsAFileThatIsCutOffAnywhere() throws IOException {
    try (HistoryWriter history = HistoryWriter.create(file(), 1, Map.of())) {
      for (Outcome outcome : everyOutcome()) {
        history.complete(history.invoke("c", everyOperation().get(0)), outcome);
      }
    }
    byte[] whole = Files.readAllBytes(file());
    int headerEnd = new String(whole, UTF_8).indexOf('\n') + 1;
    List<HistoryRecord> all = read();
    for (int length = headerEnd; length < whole.length; length += 31) {
      Files.write(file(), Arrays.copyOf(whole, length));
      List<HistoryRecord> some = read();
      assertThat(some).isEqualTo(all.subList(0, some.size()));
    }
  }

  @Test
  void refusesWhatIsNoHistory() throws IOException {
    Files.writeString(file(), "");
    assertThatThrownBy(this::read)
        .isInstanceOf(UnusableHistoryException.class)
        .hasMessageContaining("is no history");
    Files.writeString(file(), "{\"type\":\"caughtUp\",\"at\":1,\"consumer\":\"c\"}\n");
    assertThatThrownBy(this::read).hasMessageContaining("is no history");
    Files.writeString(file(), "PK\u0003\u0004");
    assertThatThrownBy(this::read).hasMessageContaining("line 1 is no record");
    assertThatThrownBy(() -> HistoryReader.open(folder.resolve("none")))
        .isInstanceOf(UnusableHistoryException.class)
        .hasMessageContaining("cannot be read");
    String header =
        "{\"type\":\"history\",\"at\":0,\"format\":%d,\"startedAt\":\"\",\"seed\":1,\"settings\":{}}\n";
    Files.writeString(file(), header.formatted(2));
    assertThatThrownBy(this::read).hasMessageContaining("has format 2, and this build reads 1");
    String unknownKind = "{\"type\":\"later\",\"at\":1}\n";
    Files.writeString(file(), header.formatted(1) + unknownKind + unknownKind);
    assertThatThrownBy(this::read).hasMessageContaining("line 2 is no record");
  }
}
