// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import static java.util.Objects.requireNonNull;

import io.holdfast.eventstore.decider.Decider;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tests a {@link Decider} by example, without a store: given events, when a command comes, then
 * these events follow, or this exception, or this state.
 *
 * <pre>{@code
 * DeciderSpecification.of(new Account())
 *     .given(new Deposited(100))
 *     .when(new Post(-30))
 *     .thenEvents(new Withdrawn(30))
 *     .thenState(70L);
 * }</pre>
 *
 * <p>Events and states are compared with {@code equals}. What does not hold throws an {@link
 * AssertionError} whose message shows the whole example. Immutable, so that one specification may
 * begin many examples; thread-safe if the decider is as pure as it should be.
 */
public final class DeciderSpecification<C, S, E> {
  private final Decider<C, S, E> decider;
  private final List<E> given;

  private DeciderSpecification(Decider<C, S, E> decider, List<E> given) {
    this.decider = requireNonNull(decider, "decider");
    this.given = List.copyOf(given);
  }

  /** A specification of this decider, on a stream without events. */
  public static <C, S, E> DeciderSpecification<C, S, E> of(Decider<C, S, E> decider) {
    return new DeciderSpecification<>(decider, List.of());
  }

  /** The same with events that have happened, in order, after those that were given before. */
  @SafeVarargs
  @SuppressWarnings("varargs") // The array is only read.
  public final DeciderSpecification<C, S, E> given(E... events) {
    List<E> all = new ArrayList<>(given);
    all.addAll(List.of(events));
    return new DeciderSpecification<>(decider, all);
  }

  /**
   * Folds the given events and decides the command.
   *
   * @throws RuntimeException what {@code evolve} threw, if it did not take an event
   */
  public Then<C, S, E> when(C command) {
    S before = fold(decider, decider.initialState(), given);
    List<E> events;
    try {
      events = List.copyOf(decider.decide(command, before));
    } catch (RuntimeException refusal) {
      return new Then<>(this, command, before, List.of(), refusal);
    }
    return new Then<>(this, command, fold(decider, before, events), events, null);
  }

  private static <S, E> S fold(Decider<?, S, E> decider, S from, List<E> events) {
    S state = from;
    for (E event : events) {
      state = decider.evolve(state, event);
    }
    return state;
  }

  /** What came of the command. Immutable. */
  public static final class Then<C, S, E> {
    private final DeciderSpecification<C, S, E> specification;
    private final C command;
    private final S state;
    private final List<E> events;
    private final @Nullable RuntimeException refusal;

    private Then(
        DeciderSpecification<C, S, E> specification,
        C command,
        S state,
        List<E> events,
        @Nullable RuntimeException refusal) {
      this.specification = specification;
      this.command = command;
      this.state = state;
      this.events = events;
      this.refusal = refusal;
    }

    /** The command was taken, and exactly these events follow, in order. */
    @SafeVarargs
    @SuppressWarnings("varargs") // The array is only read.
    public final Then<C, S, E> thenEvents(E... expected) {
      if (refusal != null || !events.equals(List.of(expected))) {
        throw failure("events" + lines(List.of(expected)));
      }
      return this;
    }

    /** The command was taken, but nothing happens. */
    public Then<C, S, E> thenNothing() {
      if (refusal != null || !events.isEmpty()) {
        throw failure("no events");
      }
      return this;
    }

    /** This is the state with the events that follow; that of the given ones after a refusal. */
    public Then<C, S, E> thenState(S expected) {
      if (!Objects.equals(state, expected)) {
        throw failure("state " + expected);
      }
      return this;
    }

    /**
     * The command was refused with an exception of this class or a subclass.
     *
     * @return the exception, to look at its message or fields
     */
    public <X extends RuntimeException> X thenException(Class<X> type) {
      if (!type.isInstance(refusal)) {
        throw failure("exception " + type.getName());
      }
      return type.cast(refusal);
    }

    private AssertionError failure(String expected) {
      String outcome =
          refusal == null ? "events" + lines(events) + "\nstate " + state : "exception " + refusal;
      return new AssertionError(
          "given events%s\nwhen %s\nexpected %s\nbut got %s"
              .formatted(lines(specification.given), command, expected, outcome),
          refusal);
    }

    private static String lines(List<?> events) {
      StringBuilder lines = new StringBuilder(events.isEmpty() ? " (none)" : "");
      events.forEach(event -> lines.append("\n  ").append(event));
      return lines.toString();
    }
  }
}
