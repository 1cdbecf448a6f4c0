// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import io.holdfast.eventstore.AppendOutcome;
import io.holdfast.eventstore.protocol.ExpectedVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * One stream, as simply as it can be said; it never forgets an id, but those of events that are
 * gone.
 */
final class StreamModel {
  enum Outcome {
    APPENDED,
    ALREADY_APPENDED,
    REFUSED;

    static Outcome of(AppendOutcome outcome) {
      if (outcome instanceof AppendOutcome.Appended) {
        return APPENDED;
      } else if (outcome instanceof AppendOutcome.AlreadyAppended) {
        return ALREADY_APPENDED;
      } else if (outcome instanceof AppendOutcome.Conflict
          || outcome instanceof AppendOutcome.Rejected) {
        return REFUSED;
      }
      throw new AssertionError(outcome);
    }
  }

  record Event(String id, String payload) {}

  record Append(List<Event> events, ExpectedVersion expected) {}

  private final List<Event> events = new ArrayList<>();
  private final List<Append> appends = new ArrayList<>();
  private long deletedTo;
  private boolean closed;
  private long maxCount = Long.MAX_VALUE;
  private int drawn;

  long version() {
    return events.size();
  }

  /** An append: new, or an earlier one again, as it was or changed. */
  Append draw(Random random) {
    Append append;
    if (appends.isEmpty() || random.nextInt(3) > 0) {
      List<Event> batch = new ArrayList<>();
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        batch.add(new Event("id-" + ++drawn, "payload " + random.nextInt(10)));
      }
      append = new Append(batch, expected(random));
    } else {
      Append earlier = appends.get(random.nextInt(appends.size()));
      append =
          switch (random.nextInt(5)) {
            case 0 -> new Append(earlier.events(), expected(random));
            case 1 -> new Append(withOther(earlier.events(), random), earlier.expected());
            case 2 -> new Append(withMore(earlier.events()), earlier.expected());
            default -> earlier;
          };
    }
    appends.add(append);
    return append;
  }

  private ExpectedVersion expected(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> ExpectedVersion.noStream();
      case 1 -> ExpectedVersion.streamExists();
      case 2 -> ExpectedVersion.any();
      case 3 -> ExpectedVersion.exactly(random.nextInt(events.size() + 2));
      default -> ExpectedVersion.exactly(version());
    };
  }

  private static List<Event> withOther(List<Event> events, Random random) {
    List<Event> changed = new ArrayList<>(events);
    int at = random.nextInt(changed.size());
    changed.set(at, new Event(changed.get(at).id(), "changed"));
    return changed;
  }

  private List<Event> withMore(List<Event> events) {
    List<Event> more = new ArrayList<>(events);
    more.add(new Event("id-" + ++drawn, "more"));
    return more;
  }

  Outcome append(Append append) {
    ExpectedVersion expected = append.expected();
    boolean exists = version() > deletedTo;
    long first = 0;
    if (isAsExpected(expected, exists)) {
      for (int i = 0; i < append.events().size() && first == 0; i++) {
        long at = find(append.events().get(i).id());
        first = at == 0 ? 0 : at - i;
        if (at != 0 && (first < 1 || expected instanceof ExpectedVersion.Exactly)) {
          return Outcome.REFUSED;
        }
      }
      if (first == 0) {
        if (closed) {
          return Outcome.REFUSED;
        }
        events.addAll(append.events());
        return Outcome.APPENDED;
      }
    } else if (expected instanceof ExpectedVersion.Exactly exactly) {
      first = exactly.version() + 1;
    } else if (expected instanceof ExpectedVersion.NoStream) {
      first = goneTo() + 1 - goneOf(append.events());
    }
    // Of an append that was made, its last events may be kept alone.
    long firstKept = Math.max(first, goneTo() + 1);
    long last = first + append.events().size() - 1;
    return firstKept <= last
            && last <= version()
            && (firstKept == first
                || noneStandsIn(append.events(), last + 1, last + firstKept - first))
            && events
                .subList((int) firstKept - 1, (int) last)
                .equals(append.events().subList((int) (firstKept - first), append.events().size()))
        ? Outcome.ALREADY_APPENDED
        : Outcome.REFUSED;
  }

  private boolean noneStandsIn(List<Event> batch, long from, long to) {
    for (long version = from; version <= Math.min(to, version()); version++) {
      String id = events.get((int) version - 1).id();
      if (batch.stream().anyMatch(event -> event.id().equals(id))) {
        return false;
      }
    }
    return true;
  }

  /** How many of these stood before the first that is kept, if they made the stream. */
  private int goneOf(List<Event> batch) {
    if (goneTo() >= version()) {
      return 0;
    }
    String firstKept = events.get((int) goneTo()).id();
    for (int i = 0; i < batch.size() && i <= goneTo(); i++) {
      if (batch.get(i).id().equals(firstKept)) {
        return i;
      }
    }
    return 0;
  }

  private boolean isAsExpected(ExpectedVersion expected, boolean exists) {
    if (expected instanceof ExpectedVersion.Exactly exactly) {
      return exactly.version() == version();
    } else if (expected instanceof ExpectedVersion.NoStream) {
      return !exists;
    }
    return expected instanceof ExpectedVersion.Any || exists;
  }

  private long goneTo() {
    return Math.max(deletedTo, version() - maxCount);
  }

  private long find(String id) {
    for (long version = version(); version > goneTo(); version--) {
      if (events.get((int) version - 1).id().equals(id)) {
        return version;
      }
    }
    return 0;
  }

  void deleteTo(long version) {
    deletedTo = Math.max(deletedTo, Math.min(version, version()));
  }

  void close() {
    closed = true;
  }

  void keep(long count) {
    deletedTo = goneTo();
    maxCount = count;
  }

  List<String> read(boolean reverse) {
    List<String> read = new ArrayList<>();
    for (long v = goneTo() + 1; v <= version(); v++) {
      Event event = events.get((int) v - 1);
      read.add(v + " " + event.id() + " " + event.payload());
    }
    if (reverse) {
      Collections.reverse(read);
    }
    return read;
  }
}
