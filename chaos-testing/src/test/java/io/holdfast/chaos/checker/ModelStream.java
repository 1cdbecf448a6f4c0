// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.Event;
import io.holdfast.chaos.history.Expected;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import io.holdfast.chaos.history.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One stream of a store that keeps its promises: it does one thing after the other. */
final class ModelStream {
  /** What a stream's owner knows; it may know it for long. */
  record View(long version, long first, boolean closed, long maxCount) {}

  private final List<String> ids = new ArrayList<>();
  private final Map<String, Integer> versions = new HashMap<>();
  private long deletedTo;
  private long maxCount;
  private boolean closed;
  private View owners = view();

  /** What the owner knows by the time it was told last. */
  View ownersView() {
    return owners;
  }

  void tellOwner() {
    owners = view();
  }

  View view() {
    return new View(ids.size(), first(), closed, maxCount);
  }

  private long first() {
    long first = deletedTo + 1;
    return maxCount > 0 ? Math.max(first, ids.size() - maxCount + 1) : first;
  }

  long version() {
    return ids.size();
  }

  boolean isDeleted(long version) {
    return version <= deletedTo;
  }

  /** Storage lets go of what the stream does not keep. */
  void forget() {
    deletedTo = first() - 1;
  }

  Event event(long version) {
    return new Event(version, ids.get((int) version - 1));
  }

  private boolean isAsExpected(Expected expected) {
    return switch (expected.kind()) {
      case ANY -> true;
      case NO_STREAM -> ids.size() == deletedTo;
      case STREAM_EXISTS -> ids.size() > deletedTo;
      case EXACTLY -> expected.version() == ids.size();
    };
  }

  private long versionOf(String id) {
    return versions.getOrDefault(id, 0);
  }

  Outcome append(Operation.Adding adding) {
    List<String> wanted = adding.ids();
    Expected expected = adding.expected();
    long version = ids.size();
    int kept = 0;
    for (String id : wanted) {
      kept += versionOf(id) >= first() ? 1 : 0;
    }
    if (kept > 0) {
      long at = versionOf(wanted.get(0));
      boolean inPlace =
          switch (expected.kind()) {
            case ANY, STREAM_EXISTS -> true;
            case EXACTLY -> at == expected.version() + 1;
            case NO_STREAM -> at == deletedTo + 1;
          };
      return kept == wanted.size() && inPlace
          ? Outcome.ok(new Result.Appended(at, at + kept - 1, true))
          : new Outcome.Conflict(version);
    } else if (closed) {
      return new Outcome.Refused(true, "closed");
    } else if (!isAsExpected(expected)) {
      return new Outcome.Conflict(version);
    }
    for (String id : wanted) {
      ids.add(id);
      versions.put(id, ids.size());
    }
    return Outcome.ok(new Result.Appended(version + 1, ids.size(), false));
  }

  private Outcome info() {
    View view = view();
    return Outcome.ok(
        new Result.Info(view.version(), view.first(), view.closed(), view.maxCount()));
  }

  Outcome change(Operation change) {
    Expected expected = Appends.expectation(new Op(0, "", change, 0, 0, new Outcome.Unknown("")));
    if (!isAsExpected(expected)) {
      return new Outcome.Conflict(ids.size());
    } else if (change instanceof Operation.Truncate truncate) {
      deletedTo = Math.max(deletedTo, Math.min(truncate.before() - 1, ids.size()));
    } else if (change instanceof Operation.Delete) {
      deletedTo = ids.size();
    } else if (change instanceof Operation.Close) {
      closed = true;
    } else if (change instanceof Operation.SetMaxCount set) {
      forget();
      maxCount = set.maxCount();
    }
    return info();
  }

  /** The events that a view has in a range, as far as they are not deleted yet. */
  Outcome read(Operation.Read asked, View view) {
    List<Event> events = new ArrayList<>();
    long from = Math.max(asked.from(), view.first());
    long to = Math.min(asked.to(), view.version());
    long goOn = 0;
    for (long i = 0; i <= to - from; i++) {
      long version = asked.reverse() ? to - i : from + i;
      if (isDeleted(version)) {
        continue;
      } else if (asked.limit() > 0 && events.size() == asked.limit()) {
        goOn = version;
        break;
      }
      events.add(event(version));
    }
    return Outcome.ok(new Result.Events(view.version(), goOn, events));
  }

  Outcome recover(long snapshotAt) {
    List<Event> events = new ArrayList<>();
    for (long version = 1; version <= ids.size(); version++) {
      if (version <= snapshotAt || version >= first()) {
        events.add(event(version));
      }
    }
    return Outcome.ok(new Result.Recovered(ids.size(), snapshotAt, events));
  }
}
