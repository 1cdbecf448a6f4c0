// SPDX-License-Identifier: Apache-2.0
package io.holdfast;

import java.util.List;
import java.util.Map;

/** Lists and maps within each other, as deep as a test wants them. */
public final class NestedContents {
  private NestedContents() {}

  public static Object of(int levels) {
    Object nested = 1;
    for (int level = 0; level < levels; level++) {
      nested = level % 2 == 0 ? List.of(nested) : Map.of("n", nested);
    }
    return nested;
  }
}
