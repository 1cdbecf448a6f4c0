// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import java.math.BigInteger;
import java.net.InetAddress;

/**
 * A node's place in its cluster.
 *
 * @param index 0 for the first node
 * @param nodes how many nodes the cluster has
 * @param seed the address of the first node
 */
record Ring(int index, int nodes, InetAddress seed) {

  Ring {
    if (nodes < 1 || index < 0 || index >= nodes) {
      throw new IllegalArgumentException("No place " + index + " among " + nodes + " nodes");
    }
  }

  static Ring single(InetAddress address) {
    return new Ring(0, 1, address);
  }

  /** Tokens at equal distances, so that every node owns an equal share, and the same one always. */
  long token() {
    BigInteger span = BigInteger.ONE.shiftLeft(64);
    BigInteger offset = span.multiply(BigInteger.valueOf(index)).divide(BigInteger.valueOf(nodes));
    // The least token of Murmur3Partitioner is reserved, hence one more.
    return BigInteger.valueOf(Long.MIN_VALUE).add(offset).add(BigInteger.ONE).longValueExact();
  }
}
