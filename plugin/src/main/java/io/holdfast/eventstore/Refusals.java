// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import io.holdfast.eventstore.protocol.StreamReply;

/** What a stream refuses, as exceptions. */
final class Refusals {
  private Refusals() {}

  static EventStoreException of(String streamId, StreamReply reply) {
    if (reply instanceof StreamReply.Conflict conflict) {
      return new ConcurrencyException(
          streamId, conflict.expectedVersion(), conflict.actualVersion(), conflict.reason());
    } else if (reply instanceof StreamReply.Closed) {
      return new StreamClosedException(streamId);
    } else if (reply instanceof StreamReply.Rejected rejected) {
      return new RejectedException(
          streamId, "stream '%s': %s".formatted(streamId, rejected.reason()));
    } else if (reply instanceof StreamReply.Overloaded overloaded) {
      return new OverloadedException(
          streamId, "stream '%s' is overloaded: %s".formatted(streamId, overloaded.reason()));
    } else if (reply instanceof StreamReply.Unavailable unavailable) {
      return new UnavailableException(
          streamId, "stream '%s' is unavailable: %s".formatted(streamId, unavailable.reason()));
    } else if (reply instanceof StreamReply.Unknown unknown) {
      return new UnknownOutcomeException(
          streamId,
          "the request to stream '%s' has an unknown outcome: %s"
              .formatted(streamId, unknown.reason()));
    }
    throw new IllegalStateException("unexpected answer " + reply);
  }
}
