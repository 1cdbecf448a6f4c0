// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

/** Texts as Cassandra and the network carry them, without encoding them. */
public final class Utf8 {
  private static final int MAX_SHOWN = 200;

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
  public static boolean isEncodable(CharSequence text) {
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

  /**
   * Refuses a text that would not come back as it was.
   *
   * @param what names the text in the message
   * @return the text
   * @throws IllegalArgumentException if it is not Unicode
   */
  public static String checked(String what, String text) {
    if (!isEncodable(text)) {
      throw new IllegalArgumentException(notUnicode(what, text));
    }
    return text;
  }

  /** Why a text is refused that is not {@linkplain #isEncodable encodable}. */
  public static String notUnicode(String what, String text) {
    String shown = text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    return "%s '%s' is not Unicode: it has half of a surrogate pair, which cannot be stored"
        .formatted(what, shown);
  }
}
