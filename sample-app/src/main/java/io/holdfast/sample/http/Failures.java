// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.servererrors.QueryValidationException;
import io.holdfast.eventstore.AppendOutcome;
import io.holdfast.eventstore.ConcurrencyException;
import io.holdfast.eventstore.EventStoreException;
import io.holdfast.eventstore.StreamClosedException;
import io.holdfast.query.QueryUnavailableException;
import io.holdfast.sample.common.Stages;
import io.holdfast.serialization.SerializationException;
import java.util.concurrent.TimeoutException;
import java.util.zip.DataFormatException;
import java.util.zip.ZipException;
import org.apache.pekko.http.scaladsl.model.EntityStreamException;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.http.scaladsl.model.ExceptionWithErrorInfo;
import org.apache.pekko.stream.StreamLimitReachedException;
import org.apache.pekko.stream.scaladsl.Framing.FramingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What failures of the event store are in HTTP: its four outcomes, never blurred. */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  /** The problem that a failure is; one that nobody has thought of is logged, and a 500. */
  static Problem problem(Throwable thrown) {
    Throwable failure = Stages.unwrap(thrown);
    if (failure instanceof Problem problem) {
      return problem;
    } else if (failure instanceof EventStoreException known) {
      return ofStore(known);
    } else if (failure instanceof QueryUnavailableException unavailable) {
      return unavailable(String.valueOf(unavailable.getMessage()));
    } else if (failure instanceof DriverException unanswered
        && !(failure instanceof QueryValidationException)) {
      return unavailable("Cassandra did not answer: " + unanswered.getMessage());
    } else if (failure instanceof SerializationException unreadable) {
      return Problem.of(422, "unreadable-event", String.valueOf(unreadable.getMessage()));
    } else if (failure instanceof EntityStreamSizeException size) {
      return tooLarge(size.limit());
    } else if (failure instanceof StreamLimitReachedException limit) {
      return tooLarge(limit.n());
    } else if (isBroken(failure)) {
      return Problem.badRequest("the body cannot be read: " + failure.getMessage());
    } else if (failure instanceof ExceptionWithErrorInfo illegal) {
      return Problem.badRequest(illegal.info().formatPretty());
    } else if (failure instanceof TimeoutException) {
      return Problem.of(504, "no-answer", "no answer in time").with("outcome", "unknown");
    }
    LOG.error("A request failed", failure);
    return Problem.of(
        500, "internal", "an error that should not be; the node's log has more about it");
  }

  /** Bytes that are not what their headers say. */
  private static boolean isBroken(Throwable failure) {
    return failure instanceof ZipException
        || failure instanceof DataFormatException
        || failure instanceof FramingException
        || failure instanceof EntityStreamException;
  }

  static Problem tooLarge(long limit) {
    return Problem.rejected(
            413,
            "body-too-large",
            "the body has more than %,d bytes; send it in parts".formatted(limit))
        .with("limit", limit);
  }

  static Problem slowBody(String detail) {
    return Problem.rejected(408, "slow-body", detail);
  }

  /** A body of another type or encoding than is taken. */
  static Problem unsupported(String detail, String value) {
    return Problem.rejected(415, "unsupported-media-type", detail).with("value", value);
  }

  private static Problem unavailable(String detail) {
    return Problem.of(503, "unavailable", detail).with("outcome", "unavailable").retryAfter(1);
  }

  private static Problem ofStore(EventStoreException failure) {
    String detail = String.valueOf(failure.getMessage());
    AppendOutcome outcome = AppendOutcome.of(failure);
    if (outcome instanceof AppendOutcome.Conflict conflict) {
      return conflict(409, conflict.exception());
    } else if (failure instanceof StreamClosedException) {
      return Problem.rejected(409, "stream-closed", detail);
    } else if (outcome instanceof AppendOutcome.Rejected) {
      return Problem.rejected(400, "rejected", detail);
    } else if (outcome instanceof AppendOutcome.Overloaded) {
      return Problem.of(429, "overloaded", detail).with("outcome", "unavailable").retryAfter(1);
    } else if (outcome instanceof AppendOutcome.Unavailable) {
      return unavailable(detail);
    }
    return Problem.of(504, "unknown-outcome", detail).with("outcome", "unknown");
  }

  /**
   * A conflict.
   *
   * @param status 412 where the request had a precondition, else 409
   */
  static Problem conflict(int status, ConcurrencyException failure) {
    Problem problem =
        Problem.of(status, "conflict", String.valueOf(failure.getMessage()))
            .with("outcome", "conflict")
            .with("streamId", failure.streamId())
            .with("actualVersion", failure.actualVersion());
    return failure.expectedVersion() < 0
        ? problem
        : problem.with("expectedVersion", failure.expectedVersion());
  }
}
