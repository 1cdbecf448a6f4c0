// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.Consistency;
import io.holdfast.chaos.history.Event;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import io.holdfast.chaos.history.Result;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An operation from its invocation to its completion.
 *
 * @param completedAt {@link #NEVER} where no answer was recorded; the outcome is unknown then
 */
public record Op(
    long number,
    String client,
    Operation operation,
    long invokedAt,
    long completedAt,
    Outcome outcome)
    implements Evidence {
  /** Later than every time. */
  public static final long NEVER = Long.MAX_VALUE;

  @Override
  public String stream() {
    return operation.stream();
  }

  @Override
  public String who() {
    return client;
  }

  @Override
  public long from() {
    return invokedAt;
  }

  @Override
  public long to() {
    return completedAt;
  }

  /** What it was answered; {@code null} if it did not succeed. */
  @Nullable Result result() {
    return outcome instanceof Outcome.Ok ok ? ok.result() : null;
  }

  /** When it can have had its last effect. */
  long effectUntil() {
    return outcome instanceof Outcome.Unknown ? NEVER : completedAt;
  }

  /** The events that it was answered; empty for what answers none. */
  List<Event> events() {
    Result result = result();
    if (result instanceof Result.Events read) {
      return read.events();
    }
    return result instanceof Result.Recovered recovered ? recovered.events() : List.of();
  }

  /** Up to where a snapshot says what the events were; 0 without one. */
  long snapshotAt() {
    return result() instanceof Result.Recovered recovered ? recovered.snapshotAt() : 0;
  }

  /** Whether its answer may be old. */
  boolean mayBeOld() {
    Consistency consistency = Consistency.LINEARIZABLE;
    if (operation instanceof Operation.Read read) {
      consistency = read.consistency();
    } else if (operation instanceof Operation.GetVersion get) {
      consistency = get.consistency();
    } else if (operation instanceof Operation.Exists exists) {
      consistency = exists.consistency();
    } else if (operation instanceof Operation.GetInfo get) {
      consistency = get.consistency();
    }
    return consistency == Consistency.OWNER;
  }

  /** Whether it reads the stream after all else is over. */
  boolean isLastRead() {
    return operation instanceof Operation.Read read && read.last();
  }

  /** Of the operation, such as {@code append}. */
  public String kind() {
    String name = operation.getClass().getSimpleName();
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }

  /** Of the outcome, such as {@code conflict}. */
  public String outcomeKind() {
    return outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  @Override
  public String text() {
    return "#%d %s → %s".formatted(number, OpText.of(operation), OpText.of(outcome));
  }
}
