// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.datastax.oss.driver.api.core.servererrors.UnavailableException;
import com.datastax.oss.driver.internal.core.metadata.DefaultNode;
import io.holdfast.fence.FenceException.Effect;
import org.junit.jupiter.api.Test;

/** What a failed request may have left behind. */
@SuppressWarnings("NullAway") // the errors of a coordinator that no test needs
class FailuresTest {
  private static final DefaultNode COORDINATOR = null;

  private static Effect effect(Throwable failure, boolean partitions) {
    return Failures.translate("write", failure, partitions).effect();
  }

  @Test
  void isNothingWhereOnePartitionHasTooFewReplicas() {
    Throwable tooFew =
        new UnavailableException(COORDINATOR, DefaultConsistencyLevel.LOCAL_QUORUM, 2, 1);
    assertThat(effect(tooFew, false)).isEqualTo(Effect.NONE);
  }

  /** Cassandra has sent those before that one when it finds out. */
  @Test
  void isUnknownWhereOneOfSeveralPartitionsHasTooFewReplicas() {
    Throwable tooFew =
        new UnavailableException(COORDINATOR, DefaultConsistencyLevel.LOCAL_QUORUM, 2, 1);
    assertThat(effect(tooFew, true)).isEqualTo(Effect.UNKNOWN);
  }

  @Test
  void isNothingWhereTheRequestAsAWholeIsRefused() {
    Throwable tooLarge = new InvalidQueryException(COORDINATOR, "Batch too large");
    assertThat(effect(tooLarge, true)).isEqualTo(Effect.NONE);
  }

  @Test
  void isUnknownWithoutAnAnswer() {
    Throwable noAnswer = new DriverTimeoutException("Query timed out after PT10S");
    assertThat(effect(noAnswer, false)).isEqualTo(Effect.UNKNOWN);
    assertThat(effect(noAnswer, true)).isEqualTo(Effect.UNKNOWN);
  }
}
