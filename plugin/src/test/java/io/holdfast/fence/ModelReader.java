// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.fence.ModelEvents.Row;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads the stream without its actor, again and again, and emits what is settled. */
final class ModelReader {
  private final World world;
  private final ModelStorage.View view;
  private final SettledReads reads;
  private final Fault fault;

  /** The answers to the read that is under way. */
  final List<String> answers = new ArrayList<>();

  /** The events that were emitted, by sequence number less one. */
  final List<String> emitted = new ArrayList<>();

  private boolean reading;
  private long acknowledgedBefore;
  private @Nullable StreamOwnership first;

  ModelReader(ModelStorage storage, World world, int writers, Fault fault) {
    this.world = world;
    this.fault = fault;
    this.view = storage.new View(writers, answers);
    this.reads = new SettledReads(faulty(view));
  }

  boolean isIdle() {
    return !reading;
  }

  void read() {
    reading = true;
    first = null;
    acknowledgedBefore = world.acknowledged();
    reads
        .read(World.STREAM)
        .thenCompose(this::readRows)
        .whenComplete(
            (result, failure) -> {
              reading = false;
              answers.clear();
            });
  }

  private CompletionStage<Void> readRows(Settled settled) {
    if (settled.complete() && settled.sequenceNr() < acknowledgedBefore) {
      world.violate(
          "a reader was told of events up to %d, but %d were acknowledged before"
              .formatted(settled.sequenceNr(), acknowledgedBefore));
    }
    return settled.sequenceNr() <= emitted.size()
        ? completedFuture(null)
        : view.rows().thenAccept(rows -> emit(rows, settled.sequenceNr()));
  }

  private void emit(List<Row> rows, long to) {
    for (Row row : rows) {
      if (row.sequenceNr() > emitted.size() && row.sequenceNr() <= to) {
        emitted.add(row.event());
      }
    }
    if (emitted.size() < to) {
      world.violate("a reader was told of events up to %d, but finds %s".formatted(to, emitted));
    }
  }

  /** Plants the reader's bugs between the reader and storage. */
  private FenceStorage<?> faulty(ModelStorage.View sound) {
    return (FenceStorage<?>)
        Proxy.newProxyInstance(
            FenceStorage.class.getClassLoader(),
            new Class<?>[] {FenceStorage.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "readRevocations" -> readRevocations((UUID) arguments[0]);
                  case "readOwnership" -> readOwnership();
                  case "epochAfter" ->
                      fault == Fault.READER_TRUSTS_LATE_ROWS
                          ? completedFuture(requireNonNull(world.storage.ownership()).epoch())
                          : sound.epochAfter(World.STREAM, (long) arguments[1]);
                  case "settleTail" ->
                      fault == Fault.READER_TAKES_TAIL_FOR_WHOLE
                          ? completedFuture(Optional.of(ModelStorage.SOME_BATCH))
                          : sound.settleTail(
                              World.STREAM, (Tail) arguments[1], (long) arguments[2]);
                  default -> method.invoke(sound, arguments);
                });
  }

  private CompletionStage<List<Revocation>> readRevocations(UUID owner) {
    if (fault == Fault.READER_CHECKS_INBOX_LAST) {
      return view.readOwnership(World.STREAM)
          .thenApply(
              row -> {
                first = row.orElseThrow();
                return List.of();
              });
    }
    return fault == Fault.READER_WITHOUT_CHECK || fault == Fault.READER_WITHOUT_REVOCATIONS
        ? completedFuture(List.of())
        : view.readRevocations(owner);
  }

  private CompletionStage<Optional<StreamOwnership>> readOwnership() {
    StreamOwnership before = first;
    if (fault == Fault.READER_WITHOUT_CHECK && before != null) {
      return completedFuture(Optional.of(before));
    }
    if (fault == Fault.READER_CHECKS_INBOX_LAST && before != null) {
      UUID owner = before.owner();
      return view.readRevocations(owner)
          .thenApply(
              inbox ->
                  inbox.stream().anyMatch(r -> r.covers(World.STREAM, before.epoch()))
                      ? Optional.empty()
                      : Optional.of(before));
    }
    return view.readOwnership(World.STREAM)
        .thenApply(
            row -> {
              if (fault == Fault.READER_WITHOUT_CHECK) {
                first = row.orElse(null);
              }
              return row;
            });
  }

  void describe(StringBuilder state) {
    state.append("|R").append(emitted).append(answers);
    if (reading) {
      state.append(acknowledgedBefore);
    }
  }
}
