// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import java.util.Locale;
import java.util.Optional;

/**
 * The pair of consistency levels for all reads and writes, and for conditional writes. There is no
 * weaker choice: the guarantee of one writer per stream rests on quorums that overlap.
 */
enum Consistency {
  /** Quorum of all replicas in all data centres. */
  QUORUM(DefaultConsistencyLevel.QUORUM, DefaultConsistencyLevel.SERIAL),
  /** Quorum of the replicas in the local data centre; all writers must be in that one. */
  LOCAL_QUORUM(DefaultConsistencyLevel.LOCAL_QUORUM, DefaultConsistencyLevel.LOCAL_SERIAL);

  final DefaultConsistencyLevel level;
  final DefaultConsistencyLevel serial;

  Consistency(DefaultConsistencyLevel level, DefaultConsistencyLevel serial) {
    this.level = level;
    this.serial = serial;
  }

  /** As {@code holdfast.cassandra.consistency} has it. */
  String setting() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Consistency> named(String name) {
    return switch (name.toUpperCase(Locale.ROOT).replace('-', '_')) {
      case "QUORUM" -> Optional.of(QUORUM);
      case "LOCAL_QUORUM" -> Optional.of(LOCAL_QUORUM);
      default -> Optional.empty();
    };
  }
}
