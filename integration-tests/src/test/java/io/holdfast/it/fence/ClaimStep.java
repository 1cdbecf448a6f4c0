// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

/** The requests of a claim, in their order. */
enum ClaimStep {
  OWNERSHIP_READ(CqlRequest.OWNERSHIP_READ, false),
  REVOCATION(CqlRequest.REVOCATION, false),
  EPOCH_READ(CqlRequest.EPOCH_READ, false),
  REPEATED_CLEARING(CqlRequest.CLEARING, true),
  TAIL_READ(CqlRequest.TAIL_READ, false),
  LAST_BATCH_READ(CqlRequest.LAST_BATCH_READ, false),
  OWNERSHIP_UPDATE(CqlRequest.OWNERSHIP_UPDATE, false),
  CLEARING(CqlRequest.CLEARING, false);

  private final CqlRequest request;
  private final boolean ownerIsIdle;

  ClaimStep(CqlRequest request, boolean ownerIsIdle) {
    this.request = request;
    this.ownerIsIdle = ownerIsIdle;
  }

  CqlRequest request() {
    return request;
  }

  /** Whether the step is taken only if the previous owner has written nothing. */
  boolean ownerIsIdle() {
    return ownerIsIdle;
  }
}
