// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.NoNodeAvailableException;
import com.datastax.oss.driver.api.core.RequestThrottlingException;
import com.datastax.oss.driver.api.core.connection.BusyConnectionException;
import com.datastax.oss.driver.api.core.cql.ExecutionInfo;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.servererrors.BootstrappingException;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.datastax.oss.driver.api.core.servererrors.OverloadedException;
import com.datastax.oss.driver.api.core.servererrors.ServerError;
import com.datastax.oss.driver.api.core.servererrors.UnavailableException;
import com.datastax.oss.driver.internal.core.cql.DefaultExecutionInfo;
import com.datastax.oss.driver.internal.core.metadata.DefaultNode;
import io.holdfast.cassandra.Failures.Sent;
import io.holdfast.fence.FenceException.Effect;
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a failed request may have left behind. */
@TestInstance(Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway") // the errors of a coordinator that no test needs
class FailuresTest {
  private static final DefaultNode COORDINATOR = null;

  private final Throwable tooFew =
      new UnavailableException(COORDINATOR, DefaultConsistencyLevel.LOCAL_QUORUM, 2, 1);
  private final Throwable tooLarge = new InvalidQueryException(COORDINATOR, "Batch too large");
  private final Throwable noAnswer = new DriverTimeoutException("Query timed out after PT10S");
  private final Throwable noNode = new NoNodeAvailableException();
  private final Throwable busy = new BusyConnectionException(1024);
  private final Throwable overloaded = new OverloadedException(COORDINATOR);
  private final Throwable queueFull = new RequestThrottlingException("The queue is full");

  private static final Sent PLAIN = Sent.PLAIN;
  private static final Sent PARTITIONS = new Sent(true, false, false);
  private static final Sent CONDITIONAL = new Sent(false, true, false);
  private static final Sent SPECULATIVE = new Sent(false, false, true);

  Stream<Arguments> outcomes() {
    return Stream.of(
        // Cassandra has sent the partitions before that one when it finds out.
        arguments(tooFew, Set.of(PLAIN)),
        arguments(tooLarge, Set.of(PLAIN, PARTITIONS, CONDITIONAL)),
        arguments(noNode, Set.of(PLAIN, PARTITIONS, CONDITIONAL)),
        arguments(busy, Set.of(PLAIN, PARTITIONS, CONDITIONAL)),
        arguments(queueFull, Set.of(PLAIN, PARTITIONS, CONDITIONAL, SPECULATIVE)),
        arguments(noAnswer, Set.of()),
        arguments(overloaded, Set.of()),
        arguments(new ServerError(COORDINATOR, "NullPointerException"), Set.of()),
        arguments(new BootstrappingException(COORDINATOR), Set.of()),
        arguments(new IllegalStateException("anything else"), Set.of()));
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void isNothingOnlyWhereNoneOfTheRequestCanHaveBeenApplied(Throwable failure, Set<Sent> none) {
    for (Sent sent : List.of(PLAIN, PARTITIONS, CONDITIONAL, SPECULATIVE)) {
      assertThat(Failures.translate("write", failure, sent).effect())
          .as("%s of %s", failure, sent)
          .isEqualTo(none.contains(sent) ? Effect.NONE : Effect.UNKNOWN);
    }
  }

  /** The driver repeats it at another node, and reports what the last one said. */
  @Test
  void considersEarlierAttempts() {
    DriverException refused = new InvalidQueryException(COORDINATOR, "Batch too large");
    refused.setExecutionInfo(attempts(noAnswer));
    assertThat(Failures.translate("write", refused, PLAIN).effect()).isEqualTo(Effect.UNKNOWN);
    refused.setExecutionInfo(attempts(tooFew, busy));
    assertThat(Failures.translate("write", refused, PLAIN).effect()).isEqualTo(Effect.NONE);
    assertThat(Failures.translate("write", refused, CONDITIONAL).effect())
        .isEqualTo(Effect.UNKNOWN);
  }

  @Test
  void knowsWhenAConditionMayBeBrokenByAnEarlierAttemptOfItsOwn() {
    assertThat(Failures.mayBeOfEarlierAttempt(attempts())).isFalse();
    assertThat(Failures.mayBeOfEarlierAttempt(attempts(busy))).isFalse();
    assertThat(Failures.mayBeOfEarlierAttempt(attempts(busy, tooFew))).isTrue();
  }

  private static ExecutionInfo attempts(Throwable... errors) {
    List<Map.Entry<Node, Throwable>> all = new ArrayList<>();
    for (Throwable error : errors) {
      all.add(new SimpleEntry<>(COORDINATOR, error));
    }
    return new DefaultExecutionInfo(
        SimpleStatement.newInstance("INSERT"),
        COORDINATOR,
        0,
        0,
        all,
        null,
        null,
        true,
        null,
        null,
        null);
  }
}
