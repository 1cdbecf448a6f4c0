// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The protocol of {@link Writer} and {@link SettledReads}, in every order of events within bounds:
 * no acknowledged event is lost, replaced or doubled, no recovered history changes, no emitted
 * event vanishes, no refused event is stored, no linearizable answer is old. What is searched is
 * the code that production runs, over a model of storage and time.
 */
class FencingSearchTest {
  static List<Bounds> bounds() {
    return List.of(
        Bounds.of(2, 2, 1),
        Bounds.of(2, 2, 1).forgetful(),
        Bounds.of(2, 1, 1).withReader().withPartitionSize(2).withCleanUps(1),
        Bounds.of(2, 1, 1).withWeek(),
        Bounds.of(2, 1, 2).withQuestions(1),
        Bounds.of(2, 1, 1).withReader().withDeletions(1),
        Bounds.of(2, 1, 2).withDeletions(1),
        Bounds.of(3, 1, 1),
        Bounds.of(2, 1, 1).withFeed(1).withFreeFeedReader(),
        Bounds.of(2, 1, 1).withFeed(1).withDeletions(1),
        Bounds.of(2, 1, 1).withFeed(2).withDeletions(1),
        Bounds.of(2, 1, 2).withSuccessions(1),
        Bounds.of(2, 1, 2).withReplicas(),
        Bounds.of(1, 1, 2).withReplicas().withReader(),
        Bounds.of(2, 1, 1).withReplicas().withDeletions(1),
        Bounds.of(2, 1, 1).withReplicas().withHints().withReplacement(),
        Bounds.of(2, 1, 1).withReplicas().withPartReads(1),
        Bounds.of(2, 1, 1).withReplicas().withRejections(1));
  }

  @ParameterizedTest
  @MethodSource("bounds")
  void findsNoViolation(Bounds bounds) {
    long start = System.nanoTime();
    Search.Result result = Search.run(bounds, Fault.NONE);
    long seconds = (System.nanoTime() - start) / 1_000_000_000;
    System.out.printf("%s: %,d states, %d s%n", bounds, result.states(), seconds);
    assertThat(result.violation()).isEmpty();
    assertThat(result.states()).as("states, or the search saw nothing").isGreaterThan(1_000);
  }

  static List<Bounds> largerBounds() {
    return List.of(
        Bounds.of(2, 2, 2),
        Bounds.of(2, 2, 2).withReader(),
        Bounds.of(2, 1, 2).withReader().withPartitionSize(2).withCleanUps(1),
        Bounds.of(2, 1, 1).withReader().withWeek(),
        Bounds.of(3, 1, 2).withReader(),
        Bounds.of(2, 1, 2).withReader().withDeletions(1),
        Bounds.of(2, 2, 2).withPartitionSize(2).forgetful(),
        Bounds.of(2, 2, 1).withQuestions(1),
        Bounds.of(2, 2, 2).withDeletions(1).withPartitionSize(2),
        Bounds.of(2, 1, 2).withReader().withQuestions(1).withCleanUps(1),
        Bounds.of(2, 1, 2).withFeed(2),
        Bounds.of(2, 1, 2).withFeed(1).withFreeFeedReader(),
        Bounds.of(2, 1, 2).withFeed(2).withDeletions(1).withPartitionSize(2),
        Bounds.of(2, 2, 1).withFeed(1),
        Bounds.of(3, 1, 1).withFeed(1),
        Bounds.of(2, 2, 1).withSuccessions(1).withDeletions(1),
        Bounds.of(2, 1, 1).withSuccessions(1).withReader().withCleanUps(1),
        Bounds.of(2, 1, 1).withReplicas().withReader(),
        Bounds.of(2, 1, 3).withReplicas().withPages(),
        Bounds.of(2, 1, 2).withReplicas().withHints().withPartitionSize(2),
        Bounds.of(2, 1, 1).withReplicas().withDeletions(1).withPartReads(1),
        Bounds.of(3, 1, 2).withReplicas());
  }

  @ParameterizedTest
  @MethodSource("largerBounds")
  @Tag("exhaustive")
  void findsNoViolationWithinLargerBounds(Bounds bounds) {
    findsNoViolation(bounds);
  }

  static List<Arguments> faults() {
    Bounds once = Bounds.of(2, 1, 1);
    Bounds twice = Bounds.of(2, 2, 1);
    return List.of(
        Arguments.of(Fault.NO_REVOCATION, once),
        Arguments.of(Fault.NO_REVOCATION_OF_ONESELF, twice.withReader()),
        Arguments.of(Fault.REVOCATION_AFTER_TAKING, once),
        Arguments.of(Fault.NO_FENCE_READ, once),
        Arguments.of(Fault.STALE_FENCE_READ, once),
        Arguments.of(Fault.MEMORY_TRUSTED, twice),
        Arguments.of(Fault.NO_CLEARING, twice),
        Arguments.of(Fault.NO_REPEATED_CLEARING, twice),
        Arguments.of(Fault.TAIL_TAKEN_FOR_WHOLE, Bounds.of(2, 1, 2)),
        Arguments.of(Fault.TAIL_READ_IN_PART, once.withReplicas()),
        Arguments.of(Fault.EPOCH_READ_REPAIRS_ONE_ROW, Bounds.of(2, 1, 2).withReplicas()),
        Arguments.of(Fault.BATCH_READ_IN_TWO_PAGES, Bounds.of(2, 1, 3).withReplicas().withPages()),
        Arguments.of(Fault.FILLER_TOLD_BY_ABSENCE, once.withReplicas().withPartReads(1)),
        Arguments.of(Fault.DELETION_NOT_ENDED, twice.withDeletions(1)),
        Arguments.of(Fault.REPEATED_DELETION_SKIPPED, twice.withDeletions(2)),
        Arguments.of(Fault.CLAIM_MISSES_DELETION, Bounds.of(2, 1, 2).withDeletions(1)),
        Arguments.of(Fault.EPOCH_KEPT_IN_DOUBT, Bounds.of(1, 2, 2)),
        Arguments.of(Fault.NO_ANSWER_TAKEN_FOR_NOT_SENT, once),
        Arguments.of(Fault.READER_WITHOUT_CHECK, once.withReader()),
        Arguments.of(Fault.READER_WITHOUT_REVOCATIONS, once.withReader()),
        Arguments.of(Fault.READER_CHECKS_INBOX_LAST, once.withReader().withCleanUps(1)),
        Arguments.of(Fault.READER_TAKES_TAIL_FOR_WHOLE, Bounds.of(1, 1, 3).withReader()),
        Arguments.of(Fault.READER_TRUSTS_LATE_ROWS, once.withReader()),
        Arguments.of(Fault.REVOCATION_REMOVED_AT_ONCE, once.withReader().withCleanUps(1)),
        Arguments.of(Fault.CLOCKS_STAND_STILL, once.withWeek()),
        Arguments.of(Fault.NO_DEPENDENCIES, once.withFeed(1)),
        Arguments.of(
            Fault.NO_DEPENDENCY_ON_PROVER, Bounds.of(3, 1, 1).withFeed(1).withQuietWriter()),
        Arguments.of(Fault.NO_DEPENDENCY_ON_DELETED, once.withFeed(1).withDeletions(1)),
        Arguments.of(Fault.NO_ADOPTION, once.withFeed(1)),
        Arguments.of(Fault.TAIL_ADOPTED_ALONE, Bounds.of(2, 1, 2).withFeed(1)),
        Arguments.of(Fault.VOID_NOT_PUBLISHED, once.withFeed(1)),
        Arguments.of(Fault.DELIVERY_BEFORE_FINAL, once.withFeed(1)));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void findsThePlantedBug(Fault fault, Bounds bounds) {
    Search.Result result = Search.run(bounds, fault);
    System.out.printf("%s, after %,d states:%n", fault, result.states());
    System.out.println(result.violation().orElse("nothing found") + "\n");
    assertThat(result.violation()).isPresent();
  }

  @Test
  void everyBugIsPlanted() {
    Set<Object> planted = faults().stream().map(a -> a.get()[0]).collect(Collectors.toSet());
    assertThat(planted).isEqualTo(EnumSet.complementOf(EnumSet.of(Fault.NONE)));
  }

  static Stream<Bounds> smallBounds() {
    Bounds once = Bounds.of(2, 1, 1);
    return Stream.of(
        once.withCleanUps(1).withQuestions(1),
        once.withReader(),
        once.withDeletions(1),
        once.withWeek(),
        once.forgetful().withPartitionSize(1),
        once.withSuccessions(1),
        Bounds.of(1, 1, 2).withReplicas().withHints().withReplacement().withPartReads(1),
        Bounds.of(1, 1, 2).withFeed(1));
  }

  /** Else the search would leave out what only one of them leads to. */
  @ParameterizedTest
  @MethodSource("smallBounds")
  void statesThatAreTakenForOneGoOnAlike(Bounds bounds) {
    assertThat(Search.findUnlikeTwins(bounds)).isEmpty();
  }

  static Stream<Bounds> notSoSmallBounds() {
    Bounds once = Bounds.of(2, 1, 1);
    return Stream.of(once.withReader().withDeletions(1), once.withFeed(1));
  }

  @ParameterizedTest
  @MethodSource("notSoSmallBounds")
  @Tag("exhaustive")
  void statesThatAreTakenForOneGoOnAlikeWithinLargerBounds(Bounds bounds) {
    statesThatAreTakenForOneGoOnAlike(bounds);
  }
}
