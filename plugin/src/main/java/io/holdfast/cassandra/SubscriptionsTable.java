// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.completedFuture;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.uuid.Uuids;
import io.holdfast.cassandra.InstanceRow.Progress;
import io.holdfast.cassandra.Statements.Name;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The tables {@code subscriptions} and {@code subscription_instances}, written by conditional
 * statements only. A change that gets no clean answer is read back; it fails if it is not to be
 * seen then, and may still come about.
 */
final class SubscriptionsTable {
  private final Requests requests;
  private final Statements statements;

  SubscriptionsTable(Requests requests, Statements statements) {
    this.requests = requests;
    this.statements = statements;
  }

  /** Stores a subscription unless it is, and answers what is stored. */
  CompletionStage<SubscriptionRow> register(String name, int instances, String beginsAt) {
    return confirmed(
            () ->
                send(
                        "register",
                        name,
                        Name.INSERT_SUBSCRIPTION,
                        name,
                        instances,
                        Uuids.timeBased(),
                        beginsAt)
                    .thenApply(done -> true),
            () -> read(name).thenApply(Optional::isPresent))
        .thenCompose(done -> read(name))
        .thenApply(Optional::orElseThrow);
  }

  CompletionStage<Optional<SubscriptionRow>> read(String name) {
    return send("read", name, Name.SELECT_SUBSCRIPTION, name)
        .thenApply(result -> Optional.ofNullable(result.one()).map(SubscriptionsTable::wanted));
  }

  private static SubscriptionRow wanted(Row row) {
    return new SubscriptionRow(
        row.getInt(0),
        requireNonNull(row.getUuid(1), "generation"),
        requireNonNull(row.getString(2), "begins_at"),
        row.getBoolean(3));
  }

  /** Begins a new generation; false if there is no such subscription. */
  CompletionStage<Boolean> reset(String name, String beginsAt) {
    return reset(name, Uuids.timeBased(), beginsAt);
  }

  private CompletionStage<Boolean> reset(String name, UUID generation, String beginsAt) {
    return read(name)
        .thenCompose(
            before ->
                before.isEmpty()
                    ? completedFuture(false)
                    : confirmed(
                            () ->
                                applied(
                                    send(
                                        "reset",
                                        name,
                                        Name.RESET_SUBSCRIPTION,
                                        generation,
                                        beginsAt,
                                        name,
                                        before.get().generation())),
                            () -> isAt(name, generation))
                        .thenCompose(
                            done ->
                                done ? completedFuture(true) : reset(name, generation, beginsAt)));
  }

  private CompletionStage<Boolean> isAt(String name, UUID generation) {
    return read(name)
        .thenApply(now -> now.filter(row -> row.generation().equals(generation)).isPresent());
  }

  /** False if there is no such subscription. */
  CompletionStage<Boolean> setPaused(String name, boolean paused) {
    return confirmed(
        () ->
            applied(send(paused ? "pause" : "resume", name, Name.PAUSE_SUBSCRIPTION, paused, name)),
        () -> read(name).thenApply(now -> now.filter(row -> row.paused() == paused).isPresent()));
  }

  CompletionStage<Optional<InstanceRow>> readInstance(String name, int instance) {
    return send(
            "read instance %d of".formatted(instance), name, Name.SELECT_INSTANCE, name, instance)
        .thenApply(result -> Optional.ofNullable(result.one()).map(SubscriptionsTable::instance));
  }

  private static InstanceRow instance(Row row) {
    UUID generation = row.getUuid(1);
    return new InstanceRow(
        requireNonNull(row.getUuid(0), "owner"),
        generation == null
            ? null
            : new Progress(
                generation,
                requireNonNull(row.getString(2), "feed_offset"),
                requireNonNull(row.getString(3), "state"),
                row.getInt(4),
                row.getString(5),
                requireNonNull(row.getInstant(6), "reported_at")));
  }

  /**
   * Makes somebody the instance's owner, so that no other's offset is kept from now on, and answers
   * what was kept until then. Of several at a time, each has been the owner for a moment, and the
   * last one stays.
   */
  CompletionStage<InstanceRow> take(String name, int instance, UUID owner) {
    return readInstance(name, instance)
        .thenCompose(
            found -> {
              UUID before = found.map(InstanceRow::owner).orElse(null);
              return owner.equals(before)
                  ? completedFuture(found.orElseThrow())
                  : send(
                          "take over instance %d of".formatted(instance),
                          name,
                          Name.TAKE_INSTANCE,
                          owner,
                          name,
                          instance,
                          before)
                      .thenCompose(done -> take(name, instance, owner));
            });
  }

  /** False if somebody else is the owner: nothing is kept then. */
  CompletionStage<Boolean> keep(String name, int instance, UUID owner, Progress progress) {
    return applied(
        send(
            "keep the offset of instance %d of".formatted(instance),
            name,
            Name.KEEP_OFFSET,
            progress.generation(),
            progress.offset(),
            progress.state(),
            progress.attempts(),
            progress.error(),
            progress.at(),
            name,
            instance,
            owner));
  }

  private static CompletionStage<Boolean> applied(CompletionStage<AsyncResultSet> answer) {
    return answer.thenApply(AsyncResultSet::wasApplied);
  }

  private static CompletionStage<Boolean> confirmed(
      Supplier<CompletionStage<Boolean>> change, Supplier<CompletionStage<Boolean>> isDone) {
    return change
        .get()
        .exceptionallyCompose(
            failure ->
                isDone
                    .get()
                    .thenCompose(
                        done ->
                            done
                                ? completedFuture(true)
                                : CompletableFuture.failedFuture(failure)));
  }

  private CompletionStage<AsyncResultSet> send(
      String operation, String subscription, Name name, @Nullable Object... values) {
    return requests.send(
        statements.get(name).bind(values), "%s subscription '%s'", operation, subscription);
  }
}
