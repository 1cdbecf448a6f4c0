// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import java.util.UUID;

/** Draws ids for events that were given none. Thread-safe; does not block. */
@FunctionalInterface
public interface IdGenerator {
  /**
   * A fresh id, unique over all nodes and starts; not empty, at most {@code max-id-length}
   * characters.
   */
  String nextId();

  /** Random UUIDs. */
  static IdGenerator randomUuid() {
    return () -> UUID.randomUUID().toString();
  }
}
