// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import java.util.UUID;

/** What events are appended to. */
record Subject(Kind kind, String id) {
  enum Kind {
    /** A stream of the event store, in Cluster Sharding. */
    STREAM,
    /** A typed persistent actor of the application's own, which each node runs by itself. */
    ACTOR
  }

  static Subject fresh(Kind kind) {
    return new Subject(kind, kind.name().charAt(0) + "-" + UUID.randomUUID());
  }

  String encode() {
    return kind + " " + id;
  }
}
