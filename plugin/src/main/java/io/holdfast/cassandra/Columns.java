// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/**
 * Values as Cassandra's native protocol has them, for what every write binds: the driver looks its
 * codec up for each value, by its Java and its CQL type, and that is most of what binding costs.
 */
final class Columns {
  private Columns() {}

  /** A {@code bigint} or, in milliseconds since 1970, a {@code timestamp}. */
  static ByteBuffer of(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(0, value);
  }

  /** An {@code int}. */
  static ByteBuffer of(int value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(0, value);
  }

  /** A {@code text}. */
  static ByteBuffer of(String value) {
    return ByteBuffer.wrap(value.getBytes(UTF_8));
  }
}
