// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.holdfast.eventstore.decider.Decider;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class DeciderSpecificationTest {
  sealed interface DoorEvent {}

  record Opened() implements DoorEvent {}

  record Closed(String by) implements DoorEvent {}

  record Close(String by) {}

  static final class TooLateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLateException(String message) {
      super(message);
    }
  }

  /** Whether the door is open; closes what is open, but not for Bob. */
  static final class Door implements Decider<Close, Boolean, DoorEvent> {
    @Override
    public Boolean initialState() {
      return false;
    }

    @Override
    public List<DoorEvent> decide(Close command, Boolean open) {
      if (command.by().equals("Bob")) {
        throw new TooLateException("Bob is late");
      }
      return open ? List.of(new Closed(command.by())) : List.of();
    }

    @Override
    public Boolean evolve(Boolean open, DoorEvent event) {
      if (open == event instanceof Opened) {
        throw new IllegalStateException("already so: " + event);
      }
      return !open;
    }
  }

  private final DeciderSpecification<Close, Boolean, DoorEvent> door =
      DeciderSpecification.of(new Door());
  private final DeciderSpecification<Close, Boolean, DoorEvent> open = door.given(new Opened());

  private static String message(ThrowingCallable failing) {
    return String.valueOf(
        assertThatExceptionOfType(AssertionError.class).isThrownBy(failing).actual().getMessage());
  }

  @Test
  void passesWhatHolds() {
    open.when(new Close("Ann")).thenEvents(new Closed("Ann")).thenState(false);
    door.when(new Close("Ann")).thenNothing().thenEvents().thenState(false);
    open.given(new Closed("x"), new Opened()).when(new Close("y")).thenEvents(new Closed("y"));
  }

  @Test
  void givesTheExceptionOfARefusalAndTheStateBefore() {
    DeciderSpecification.Then<Close, Boolean, DoorEvent> then = open.when(new Close("Bob"));
    assertThat(then.thenException(TooLateException.class)).hasMessage("Bob is late");
    assertThat(then.thenException(RuntimeException.class)).isInstanceOf(TooLateException.class);
    then.thenState(true);
  }

  @Test
  void showsTheWholeExampleWhereOtherEventsFollow() {
    assertThat(message(() -> open.when(new Close("Ann")).thenEvents(new Closed("Eve"))))
        .isEqualTo(
            """
            given events
              Opened[]
            when Close[by=Ann]
            expected events
              Closed[by=Eve]
            but got events
              Closed[by=Ann]
            state false""");
  }

  @Test
  void showsTheWholeExampleWhereTheStateIsAnother() {
    assertThat(message(() -> door.when(new Close("Ann")).thenState(true)))
        .isEqualTo(
            """
            given events (none)
            when Close[by=Ann]
            expected state true
            but got events (none)
            state false""");
  }

  @Test
  void tellsOfARefusalThatWasNotExpectedAndItsCause() {
    for (ThrowingCallable failing :
        List.<ThrowingCallable>of(
            () -> door.when(new Close("Bob")).thenEvents(),
            () -> door.when(new Close("Bob")).thenNothing(),
            () -> door.when(new Close("Bob")).thenException(IllegalStateException.class))) {
      assertThat(message(failing)).contains("but got exception", "TooLateException: Bob is late");
      assertThatExceptionOfType(AssertionError.class)
          .isThrownBy(failing)
          .withCauseInstanceOf(TooLateException.class);
    }
  }

  @Test
  void tellsOfARefusalThatDidNotCome() {
    assertThat(message(() -> open.when(new Close("Ann")).thenException(TooLateException.class)))
        .contains("expected exception " + TooLateException.class.getName())
        .contains("but got events\n  Closed[by=Ann]");
    assertThat(message(() -> open.when(new Close("Ann")).thenNothing()))
        .contains("expected no events");
  }

  @Test
  void throwsWhatEvolveThrows() {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> open.given(new Opened()).when(new Close("Ann")))
        .withMessage("already so: Opened[]");
  }
}
