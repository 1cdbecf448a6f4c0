// SPDX-License-Identifier: Apache-2.0
package io.holdfast.query;

import java.util.Arrays;

/**
 * Which tokens a listing has met that the listing before it had not: eight bytes a token, since
 * both are in ascending order. Where two ids share a token and one of them is new, that token
 * counts as new once. Not thread-safe.
 */
final class SeenTokens {
  private long[] before = new long[0];
  private int position;

  private long[] now = new long[1024];
  private int size;

  /** Whether the token is new. Tokens come in ascending order. */
  boolean isNew(long token) {
    if (size == now.length) {
      now = Arrays.copyOf(now, size + size / 2);
    }
    now[size++] = token;
    while (position < before.length && before[position] < token) {
      position++;
    }
    if (position < before.length && before[position] == token) {
      position++;
      return false;
    }
    return true;
  }

  /** The listing has come to its end, and begins again. */
  void beginAgain() {
    before = Arrays.copyOf(now, size);
    size = 0;
    position = 0;
  }
}
