// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.NodeUnavailableException;
import com.datastax.oss.driver.api.core.RequestThrottlingException;
import com.datastax.oss.driver.api.core.connection.BusyConnectionException;
import com.datastax.oss.driver.api.core.servererrors.QueryValidationException;
import com.datastax.oss.driver.api.core.servererrors.UnavailableException;
import io.holdfast.fence.FenceException;
import io.holdfast.fence.FenceException.Effect;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Says of a driver's error whether the request may have taken effect. What is not known to be
 * harmless is uncertain.
 */
final class Failures {
  private Failures() {}

  /**
   * @param partitions whether the request touches several; Cassandra takes them one after the
   *     other, and that one had too few replicas says nothing of those before it
   */
  static FenceException translate(String operation, Throwable failure, boolean partitions) {
    Throwable cause = FenceException.causeOf(failure);
    if (cause instanceof FenceException translated) {
      return translated;
    }
    boolean harmless =
        Stream.concat(Stream.of(cause), earlierAttempts(cause).stream())
            .allMatch(one -> neverApplied(one, partitions));
    String message =
        harmless
            ? "Cassandra refused or never saw the request to %s: %s"
            : "Cassandra gave no clean answer to the request to %s: %s";
    return new FenceException(
        message.formatted(operation, cause), harmless ? Effect.NONE : Effect.UNKNOWN, cause);
  }

  private static boolean neverApplied(Throwable cause, boolean partitions) {
    if (cause instanceof AllNodesFailedException all) {
      return all.getAllErrors().values().stream()
          .flatMap(List::stream)
          .allMatch(one -> neverApplied(one, partitions));
    }
    return (cause instanceof UnavailableException && !partitions)
        || cause instanceof QueryValidationException
        || cause instanceof NodeUnavailableException
        || cause instanceof BusyConnectionException
        || cause instanceof RequestThrottlingException;
  }

  private static List<Throwable> earlierAttempts(Throwable cause) {
    return cause instanceof DriverException failed && failed.getExecutionInfo() != null
        ? failed.getExecutionInfo().getErrors().stream().map(Map.Entry::getValue).toList()
        : List.of();
  }
}
