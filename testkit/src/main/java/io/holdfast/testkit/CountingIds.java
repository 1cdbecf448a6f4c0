// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import io.holdfast.eventstore.IdGenerator;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Draws the ids {@code id-1}, {@code id-2}, {@code id-3}, … so that a test knows them beforehand.
 * They are unique only to what one instance draws. Thread-safe.
 */
public final class CountingIds implements IdGenerator {
  private final AtomicLong drawn = new AtomicLong();

  @Override
  public String nextId() {
    return "id-" + drawn.incrementAndGet();
  }
}
