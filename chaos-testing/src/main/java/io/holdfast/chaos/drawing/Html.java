// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.drawing;

import io.holdfast.chaos.checker.Op;
import java.util.Locale;

/** Texts as they stand in a page. */
final class Html {
  private Html() {}

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** Of a history's clock. */
  static String time(long nanos) {
    return nanos == Op.NEVER ? "no answer" : String.format(Locale.ROOT, "%.6f s", nanos / 1e9);
  }
}
