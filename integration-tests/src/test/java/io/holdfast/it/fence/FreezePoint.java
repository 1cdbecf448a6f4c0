// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import io.holdfast.it.fence.Answer.Outcome;
import io.holdfast.it.fence.CqlGate.Side;

/** Where an append may be held up while another system takes its stream. */
enum FreezePoint {
  BEFORE_EVENT_WRITE(CqlRequest.EVENT_WRITE, Side.BEFORE, Outcome.UNKNOWN),
  AFTER_EVENT_WRITE(CqlRequest.EVENT_WRITE, Side.AFTER, Outcome.UNKNOWN),
  BEFORE_FENCE_READ(CqlRequest.FENCE_READ, Side.BEFORE, Outcome.UNKNOWN),
  /** The stream was still its own when it looked, so the event counts. */
  AFTER_FENCE_READ(CqlRequest.FENCE_READ, Side.AFTER, Outcome.ACKNOWLEDGED);

  private final CqlRequest request;
  private final Side side;
  private final Outcome outcome;

  FreezePoint(CqlRequest request, Side side, Outcome outcome) {
    this.request = request;
    this.side = side;
    this.outcome = outcome;
  }

  void arm(CqlGate gate, String stream) {
    gate.freezeAt(request.of(stream), 1, side);
  }

  /** What the append must be answered in the end. */
  Outcome outcome() {
    return outcome;
  }
}
