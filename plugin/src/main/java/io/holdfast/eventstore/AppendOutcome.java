// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What became of an append: {@link Stored} or {@link Refused}, and each of them in detail.
 *
 * <pre>{@code
 * store.tryAppend(input).thenAccept(outcome -> {
 *   if (outcome instanceof AppendOutcome.Stored stored) { ... stored.events() ... }
 *   else if (outcome instanceof AppendOutcome.Conflict conflict) { ... read, decide anew ... }
 * });
 * }</pre>
 */
public sealed interface AppendOutcome {
  /** The events are stored, once. */
  sealed interface Stored extends AppendOutcome {
    /** The events as they are stored, in order; empty for an empty batch. */
    List<StreamDomainEvent<?>> events();

    /**
     * The stream's version once the events were stored: that of the last one; for an empty batch
     * the version that the stream has.
     */
    long currentVersion();
  }

  /** The events were stored by this append. */
  record Appended(List<StreamDomainEvent<?>> events, long currentVersion) implements Stored {
    public Appended {
      events = List.copyOf(events);
    }
  }

  /**
   * The events had been stored already, by an earlier append with the same ids, types and payloads.
   * They are given as they were stored then, metadata and timestamps included; those that the
   * stream no longer keeps are given as this append has them.
   */
  record AlreadyAppended(List<StreamDomainEvent<?>> events, long currentVersion) implements Stored {
    public AlreadyAppended {
      events = List.copyOf(events);
    }
  }

  /** The append did not take place, or may not have. */
  sealed interface Refused extends AppendOutcome {
    /** What the throwing calls fail with. */
    EventStoreException exception();
  }

  /** The stream is not as expected, or uses some of the ids already. Nothing was written. */
  record Conflict(ConcurrencyException exception) implements Refused {
    public Conflict {
      requireNonNull(exception, "exception");
    }
  }

  /**
   * The input breaks a rule, or the stream is closed ({@link StreamClosedException}). Nothing was
   * written.
   */
  record Rejected(RejectedException exception) implements Refused {
    public Rejected {
      requireNonNull(exception, "exception");
    }
  }

  /**
   * Too many appends wait in this stream, or its node reads too much at a time. Nothing was
   * written; try again after a pause.
   */
  record Overloaded(OverloadedException exception) implements Refused {
    public Overloaded {
      requireNonNull(exception, "exception");
    }
  }

  /** The stream or its storage cannot be used right now. Nothing was written; try again later. */
  record Unavailable(UnavailableException exception) implements Refused {
    public Unavailable {
      requireNonNull(exception, "exception");
    }
  }

  /**
   * The events may be stored or may not, or may be yet. Appending again does not double them if
   * they have ids of the caller's own, or an exact version is expected.
   */
  record Unknown(UnknownOutcomeException exception) implements Refused {
    public Unknown {
      requireNonNull(exception, "exception");
    }
  }

  /** The outcome that an exception of the event store stands for. */
  static AppendOutcome of(EventStoreException failure) {
    if (failure instanceof ConcurrencyException conflict) {
      return new Conflict(conflict);
    } else if (failure instanceof RejectedException rejected) {
      return new Rejected(rejected);
    } else if (failure instanceof OverloadedException overloaded) {
      return new Overloaded(overloaded);
    } else if (failure instanceof UnavailableException unavailable) {
      return new Unavailable(unavailable);
    }
    return new Unknown((UnknownOutcomeException) failure);
  }

  /** What is stored, or the exception thrown. */
  default Stored orThrow() {
    if (this instanceof Refused refused) {
      throw refused.exception();
    }
    return (Stored) this;
  }
}
