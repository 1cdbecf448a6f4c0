// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A media type with parameters, as text: {@code application/json; schema=2}. The grammar is that of
 * RFC 9110, sections 5.6.6 and 8.3.1, save that a quoted value may hold any Unicode text.
 *
 * @param name type and subtype, in lower case
 * @param parameters by names in lower case, in the order in which they are written
 */
record MediaType(String name, Map<String, String> parameters) {
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  MediaType {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  static MediaType of(String name) {
    return new MediaType(name, Map.of());
  }

  MediaType with(String parameter, String value) {
    if (!Utf8.isEncodable(value)) {
      throw new SerializationException(
          "'%s' has half of a surrogate pair, which cannot be stored; it is to be the parameter '%s' of media type '%s'"
              .formatted(value, parameter, name));
    }
    Map<String, String> more = new LinkedHashMap<>(parameters);
    more.put(parameter, value);
    return new MediaType(name, more);
  }

  /** What stands before the parameters of any text, also of one that is no media type. */
  static String nameOf(String text) {
    int semicolon = text.indexOf(';');
    return (semicolon < 0 ? text : text.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws SerializationException if the parameters are malformed
   */
  static MediaType parse(String text) {
    return new Parser(text).parse();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name);
    parameters.forEach(
        (parameter, value) -> {
          text.append("; ").append(parameter).append('=');
          if (TOKEN.matcher(value).matches()) {
            text.append(value);
          } else {
            text.append('"').append(value.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
          }
        });
    return text.toString();
  }

  private static final class Parser {
    private final String text;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private int position;

    Parser(String text) {
      this.text = text;
    }

    MediaType parse() {
      String name = nameOf(text);
      position = Math.max(text.indexOf(';'), 0);
      while (at(';')) {
        position++;
        skipBlanks();
        if (position < text.length() && !at(';')) {
          parameter();
          skipBlanks();
        }
      }
      if (!parameters.isEmpty() && position < text.length()) {
        throw malformed("';' was expected");
      }
      return new MediaType(name, parameters);
    }

    private void parameter() {
      int equals = text.indexOf('=', position);
      String name = equals < 0 ? "" : text.substring(position, equals).toLowerCase(Locale.ROOT);
      if (!TOKEN.matcher(name).matches()) {
        throw malformed("a parameter was expected, such as schema=2");
      }
      position = equals + 1;
      if (parameters.put(name, at('"') ? quoted() : unquoted()) != null) {
        throw malformed("parameter '%s' was there before".formatted(name));
      }
    }

    private String unquoted() {
      int start = position;
      while (position < text.length() && !at(';') && !blank()) {
        position++;
      }
      return text.substring(start, position);
    }

    private String quoted() {
      StringBuilder value = new StringBuilder();
      position++;
      while (!at('"')) {
        if (at('\\')) {
          position++;
        }
        if (position >= text.length()) {
          throw malformed("the closing quote is missing");
        }
        value.append(text.charAt(position));
        position++;
      }
      position++;
      return value.toString();
    }

    private void skipBlanks() {
      while (blank()) {
        position++;
      }
    }

    private boolean blank() {
      return at(' ') || at('\t');
    }

    private boolean at(char expected) {
      return position < text.length() && text.charAt(position) == expected;
    }

    private SerializationException malformed(String problem) {
      return new SerializationException(
          "content type '%s' is malformed at character %d: %s".formatted(text, position, problem));
    }
  }
}
