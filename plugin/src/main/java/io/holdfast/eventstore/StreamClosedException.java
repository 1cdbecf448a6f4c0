// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

/** The stream was closed for good: nothing can be appended to it any more. Nothing was written. */
public final class StreamClosedException extends RejectedException {
  private static final long serialVersionUID = 1L;

  public StreamClosedException(String streamId) {
    super(
        streamId,
        "stream '%s' is closed: nothing can be appended to it any more; use another stream"
            .formatted(streamId));
  }
}
