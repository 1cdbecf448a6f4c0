// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.CharBuffer;
import org.apache.pekko.util.ByteString;

/**
 * What holds for all JSON that is stored: it is checked when it is written, because nobody can mend
 * it later. Thread-safe.
 */
public final class StoredJson {
  /** The most levels of arrays and objects, written or read. */
  private static final int MAX_NESTING = 1_000;

  private static final JsonMapper TREES =
      JsonMapper.builder(factory())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private StoredJson() {}

  /**
   * Reads whatever it writes: texts, names and numbers as long as an event may be, and 1,000 levels
   * of arrays and objects.
   */
  public static JsonFactory factory() {
    return new JsonFactoryBuilder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(MAX_NESTING)
                .maxNumberLength(Integer.MAX_VALUE)
                .maxNameLength(Integer.MAX_VALUE)
                .maxStringLength(Integer.MAX_VALUE)
                .build())
        .streamWriteConstraints(
            StreamWriteConstraints.builder().maxNestingDepth(MAX_NESTING).build())
        // Java's own takes a time that grows with the square of a number's length.
        .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
        .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
        .build();
  }

  /**
   * Reads JSON that was just written, token by token.
   *
   * @throws IOException if it is none, has a name twice, or is above a limit of the parser
   * @throws NumberFormatException if a number is none that Java has
   * @throws SerializationException if a name or text is not Unicode
   */
  public static void check(JsonParser written) throws IOException {
    written.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    JsonToken token = written.nextToken();
    if (token == null) {
      throw new JsonParseException(written, "nothing was written");
    }
    for (; token != null; token = written.nextToken()) {
      if (token == JsonToken.FIELD_NAME) {
        checkText(written, "name", written.currentName());
      } else if (token == JsonToken.VALUE_STRING) {
        checkText(
            written,
            "text",
            CharBuffer.wrap(
                written.getTextCharacters(), written.getTextOffset(), written.getTextLength()));
      } else if (token == JsonToken.VALUE_NUMBER_FLOAT && !written.isNaN()) {
        written.getDecimalValue();
      }
    }
  }

  private static void checkText(JsonParser parser, String what, CharSequence text) {
    if (!Utf8.isEncodable(text)) {
      throw new SerializationException(
          Utf8.notUnicode(
              "the %s at '%s'".formatted(what, parser.getParsingContext().pathAsPointer()),
              text.toString()));
    }
  }

  /** Whether two texts say the same in JSON: the order of names in an object says nothing. */
  static boolean sameMeaning(ByteString one, ByteString other) {
    try {
      return TREES.readTree(one.utf8String()).equals(TREES.readTree(other.utf8String()));
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}
