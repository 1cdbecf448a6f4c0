// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.Event;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import io.holdfast.chaos.history.Result;
import java.util.List;
import java.util.Locale;

/** Says in a few words what was asked and answered. */
final class OpText {
  private static final int SHOWN = 6;

  private OpText() {}

  static String of(Operation operation) {
    if (operation instanceof Operation.Append append) {
      return "append %s expecting %s".formatted(some(append.ids()), append.expected());
    } else if (operation instanceof Operation.Persist persist) {
      return "persist %s after %d".formatted(some(persist.ids()), persist.after());
    } else if (operation instanceof Operation.Read read) {
      return "%s%s read from %d%s%s"
          .formatted(
              read.last() ? "last " : "",
              read.consistency().name().toLowerCase(Locale.ROOT),
              read.from(),
              read.to() == Long.MAX_VALUE ? "" : " to " + read.to(),
              read.reverse() ? ", backwards" : "");
    } else if (operation instanceof Operation.GetVersion get) {
      return get.consistency().name().toLowerCase(Locale.ROOT) + " version";
    } else if (operation instanceof Operation.Exists get) {
      return get.consistency().name().toLowerCase(Locale.ROOT) + " existence";
    } else if (operation instanceof Operation.GetInfo get) {
      return get.consistency().name().toLowerCase(Locale.ROOT) + " info";
    } else if (operation instanceof Operation.Truncate truncate) {
      return "truncate before " + truncate.before();
    } else if (operation instanceof Operation.Delete delete) {
      return "delete expecting " + delete.expected();
    } else if (operation instanceof Operation.Close close) {
      return "close expecting " + close.expected();
    } else if (operation instanceof Operation.SetMaxCount set) {
      return "set maxCount " + set.maxCount();
    }
    return "recover";
  }

  static String of(Outcome outcome) {
    if (outcome instanceof Outcome.Ok ok) {
      return of(ok.result());
    } else if (outcome instanceof Outcome.Conflict conflict) {
      return conflict.actualVersion() < 0
          ? "conflict"
          : "conflict at version " + conflict.actualVersion();
    } else if (outcome instanceof Outcome.Refused refused) {
      return refused.closed() ? "refused, closed" : "refused: " + refused.reason();
    } else if (outcome instanceof Outcome.Unavailable unavailable) {
      return "unavailable: " + unavailable.reason();
    }
    return "unknown: " + ((Outcome.Unknown) outcome).reason();
  }

  private static String of(Result result) {
    if (result instanceof Result.Appended appended) {
      String versions =
          appended.first() < appended.last()
              ? "versions %d–%d".formatted(appended.first(), appended.last())
              : "version " + appended.last();
      return (appended.already() ? "already at " : "appended at ") + versions;
    } else if (result instanceof Result.Events read) {
      return (read.version() < 0 ? "" : "at version %d: ".formatted(read.version()))
          + some(read.events());
    } else if (result instanceof Result.Version version) {
      return "version " + version.version();
    } else if (result instanceof Result.Existence existence) {
      return existence.exists() ? "exists" : "does not exist";
    } else if (result instanceof Result.Info info) {
      return "version %d, first version %d%s%s"
          .formatted(
              info.version(),
              info.firstVersion(),
              info.closed() ? ", closed" : "",
              info.maxCount() > 0 ? ", maxCount " + info.maxCount() : "");
    }
    Result.Recovered recovered = (Result.Recovered) result;
    return "recovered to %d%s: %s"
        .formatted(
            recovered.version(),
            recovered.snapshotAt() > 0 ? ", snapshot at " + recovered.snapshotAt() : "",
            some(recovered.events()));
  }

  private static String some(List<?> values) {
    if (values.size() <= SHOWN) {
      return values.toString();
    }
    Object last = values.get(values.size() - 1);
    boolean events = last instanceof Event;
    return "[%s, %s, … %s; %d %s]"
        .formatted(values.get(0), values.get(1), last, values.size(), events ? "events" : "ids");
  }
}
