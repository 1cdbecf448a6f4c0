// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

/** Texts as Cassandra and the network carry them, without encoding them. */
public final class Utf8 {
  private Utf8() {}

  /** The length of the text in UTF-8. Of a lone surrogate it is that of a replacement. */
  public static int length(String text) {
    int bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (unit >= 0x800) {
        // Each half of a surrogate pair is two bytes of its four.
        bytes += Character.isSurrogate(unit) ? 1 : 2;
      } else if (unit >= 0x80) {
        bytes += 1;
      }
    }
    return bytes;
  }

  /**
   * Whether the text is Unicode, and so comes back as it was. A lone half of a surrogate pair,
   * which Java's strings can hold, comes back as a question mark.
   */
  public static boolean isEncodable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
