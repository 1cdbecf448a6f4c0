// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import io.holdfast.cassandra.EventRow;
import io.holdfast.fence.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal's writer, and a new one in its place where it cannot or should not go on. One that is
 * replaced ends when what it has under way has ended. Thread-safe.
 */
final class CurrentWriter {
  private static final Logger LOG = LoggerFactory.getLogger(CurrentWriter.class);

  private static final class Use {
    final Writer<EventRow> writer;
    int underWay;
    boolean replaced;

    Use(Writer<EventRow> writer) {
      this.writer = writer;
    }
  }

  /** Makes a writer, from its predecessor if it has one. */
  private final Function<@Nullable Writer<EventRow>, Writer<EventRow>> make;

  private Use current;

  /** Those that were replaced and have not ended. */
  private final List<Use> former = new ArrayList<>();

  CurrentWriter(Function<@Nullable Writer<EventRow>, Writer<EventRow>> make) {
    this.make = make;
    this.current = new Use(make.apply(null));
  }

  /** Begins an operation of the writer, in the order of the calls. */
  <T> CompletionStage<T> use(Function<Writer<EventRow>, CompletionStage<T>> operation) {
    Use used = enter();
    CompletionStage<T> result;
    try {
      result = operation.apply(used.writer);
    } catch (RuntimeException e) {
      leave(used);
      throw e;
    }
    return result.whenComplete((done, failure) -> leave(used));
  }

  private synchronized Use enter() {
    if (current.writer.isExpired()) {
      Writer<EventRow> next = make.apply(null);
      LOG.warn(
          "Writer {} did not reach Cassandra for so long that it may have missed which streams it lost; writer {}"
              + " takes its place and will claim each stream anew",
          current.writer.id(),
          next.id());
      current.writer.close();
      current = new Use(next);
    } else if (current.writer.isWorn()) {
      Use worn = current;
      current = new Use(make.apply(worn.writer));
      LOG.info(
          "Writer {} has lost streams so often that its inbox is slow to read; writer {} takes its place and takes its"
              + " streams over as they are used",
          worn.writer.id(),
          current.writer.id());
      worn.replaced = true;
      former.add(worn);
      endIfIdle(worn);
    }
    current.underWay++;
    return current;
  }

  private synchronized void leave(Use used) {
    used.underWay--;
    endIfIdle(used);
  }

  private void endIfIdle(Use used) {
    if (used.replaced && used.underWay == 0) {
      used.writer
          .end()
          .whenComplete(
              (done, failure) -> {
                if (failure != null) {
                  // Others will retire it, after some days without a heartbeat.
                  LOG.info(
                      "Could not end the log of writer {}: {}",
                      used.writer.id(),
                      failure.toString());
                }
                used.writer.close();
                forget(used);
              });
    }
  }

  private synchronized void forget(Use ended) {
    former.remove(ended);
  }

  private synchronized List<Use> all() {
    List<Use> all = new ArrayList<>(former);
    all.add(current);
    return all;
  }

  CompletionStage<Void> maintain() {
    return use(
        writer ->
            CompletableFuture.allOf(
                all().stream()
                    .map(one -> one.writer.maintain().toCompletableFuture())
                    .toArray(CompletableFuture[]::new)));
  }

  /** See {@link Writer#end}. */
  CompletionStage<Void> end() {
    return CompletableFuture.allOf(
        all().stream()
            .map(one -> one.writer.end().toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }

  void close() {
    all().forEach(one -> one.writer.close());
  }
}
