// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.fence.ModelStorage.Row;
import io.holdfast.fence.SettledReads.Settled;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads the stream without its actor, again and again, and emits what is settled. */
final class ModelReader {
  private final ModelStorage.View view;
  private final SettledReads reads;
  private final Fault fault;

  /** The answers to the read that is under way. */
  final List<String> answers = new ArrayList<>();

  /** The events that were emitted, by sequence number less one. */
  final List<String> emitted = new ArrayList<>();

  private boolean reading;
  private @Nullable StreamOwnership first;

  ModelReader(ModelStorage storage, int writers, Fault fault) {
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
    reads
        .read(World.STREAM, () -> view.rows())
        .whenComplete(
            (result, failure) -> {
              reading = false;
              answers.clear();
              if (failure == null) {
                result.ifPresent(this::emit);
              }
            });
  }

  private void emit(Settled<List<Row>> read) {
    for (Row row : read.rows()) {
      boolean next = row.sequenceNr() == emitted.size() + 1;
      if (next
          && (fault == Fault.READER_WITHOUT_CHECK || read.isLive(row.sequenceNr(), row.epoch()))) {
        emitted.add(row.event());
      }
    }
  }

  /** Plants the reader's bugs between the reader and storage. */
  private FenceStorage<?> faulty(ModelStorage.View sound) {
    if (fault != Fault.READER_WITHOUT_CHECK
        && fault != Fault.READER_WITHOUT_REVOCATIONS
        && fault != Fault.READER_CHECKS_INBOX_LAST) {
      return sound;
    }
    return (FenceStorage<?>)
        Proxy.newProxyInstance(
            FenceStorage.class.getClassLoader(),
            new Class<?>[] {FenceStorage.class},
            (proxy, method, arguments) ->
                method.getName().equals("readRevocations") ? readRevocations() : readOwnership());
  }

  private CompletionStage<List<Revocation>> readRevocations() {
    if (fault == Fault.READER_CHECKS_INBOX_LAST) {
      return view.readOwnership(World.STREAM)
          .thenApply(
              row -> {
                first = row.orElseThrow();
                return List.of();
              });
    }
    return completedFuture(List.of());
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
  }
}
