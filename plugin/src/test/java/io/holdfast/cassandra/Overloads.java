// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import io.holdfast.cassandra.ReadBudget.Holder;
import io.holdfast.fence.FenceException;
import java.time.Duration;

/** Reads that were refused for want of room. */
public final class Overloads {
  private Overloads() {}

  /** What such a read fails with. */
  public static FenceException refusal() {
    ReadBudget budget =
        new ReadBudget(
            "holdfast.cassandra", new ReadBudget.Limits(1, 0, Duration.ofHours(1)), Runnable::run);
    budget.open(Holder.NODE, null, "fill it").acquire(1, 1);
    return (FenceException)
        budget
            .open(Holder.NODE, null, "read stream 's'")
            .acquire(1, 1)
            .handle((granted, failure) -> failure)
            .toCompletableFuture()
            .join();
  }
}
