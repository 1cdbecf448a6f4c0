// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.NodeUnavailableException;
import com.datastax.oss.driver.api.core.RequestThrottlingException;
import com.datastax.oss.driver.api.core.connection.BusyConnectionException;
import com.datastax.oss.driver.api.core.cql.ExecutionInfo;
import com.datastax.oss.driver.api.core.servererrors.QueryValidationException;
import com.datastax.oss.driver.api.core.servererrors.UnavailableException;
import io.holdfast.fence.FenceException;
import io.holdfast.fence.FenceException.Effect;
import java.util.List;
import java.util.Map;

/**
 * Says of a driver's error whether the request may have taken effect. What is not known to be
 * harmless is uncertain.
 */
final class Failures {
  /**
   * How a request was sent.
   *
   * @param partitions whether it touches several partitions; Cassandra takes them one after the
   *     other, and that one had too few replicas says nothing of those before it
   * @param conditional whether it is a conditional write; Cassandra counts the replicas once more
   *     when the write is agreed on already, and answers with the same error
   * @param speculative whether the driver may send it to a second node while the first one has not
   *     answered; the error of one says nothing of the other
   */
  record Sent(boolean partitions, boolean conditional, boolean speculative) {
    /** Once, to one partition, and without a condition. */
    static final Sent PLAIN = new Sent(false, false, false);
  }

  private Failures() {}

  static FenceException translate(String operation, Throwable failure, Sent sent) {
    Throwable cause = FenceException.causeOf(failure);
    if (cause instanceof FenceException translated) {
      return translated;
    }
    boolean harmless = neverApplied(cause, sent) && neverApplied(earlierAttempts(cause), sent);
    String message =
        harmless
            ? "Cassandra refused or never saw the request to %s: %s"
            : "Cassandra gave no clean answer to the request to %s: %s";
    return new FenceException(
        message.formatted(operation, cause), harmless ? Effect.NONE : Effect.UNKNOWN, cause);
  }

  /**
   * Of an answer to a conditional write that says "not applied": whether an earlier attempt may
   * have applied it, so that the answer tells of that attempt's own effect.
   */
  static boolean mayBeOfEarlierAttempt(ExecutionInfo answered) {
    return !neverApplied(
        answered.getErrors().stream().map(Map.Entry::getValue).toList(),
        new Sent(false, true, false));
  }

  private static boolean neverApplied(List<Throwable> causes, Sent sent) {
    return causes.stream().allMatch(cause -> neverApplied(cause, sent));
  }

  private static boolean neverApplied(Throwable cause, Sent sent) {
    if (cause instanceof RequestThrottlingException) {
      return true; // before any attempt
    }
    if (sent.speculative()) {
      return false;
    }
    if (cause instanceof AllNodesFailedException all) {
      return all.getAllErrors().values().stream().allMatch(errors -> neverApplied(errors, sent));
    }
    return (cause instanceof UnavailableException && !sent.partitions() && !sent.conditional())
        || cause instanceof QueryValidationException
        || cause instanceof NodeUnavailableException
        || cause instanceof BusyConnectionException;
  }

  private static List<Throwable> earlierAttempts(Throwable cause) {
    return cause instanceof DriverException failed && failed.getExecutionInfo() != null
        ? failed.getExecutionInfo().getErrors().stream().map(Map.Entry::getValue).toList()
        : List.of();
  }
}
