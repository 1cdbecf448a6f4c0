// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.holdfast.serialization.Utf8;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;

/**
 * How the API reads and writes JSON: strictly, with every digit of every number. What it takes is
 * not nested as deeply as what it can write, so that whatever was stored can be answered.
 */
final class ApiJson {
  private static final int MAX_NESTING = 500;
  private static final int MAX_WRITTEN_NESTING = 10_000;
  private static final byte BOM = (byte) 0xEF;

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
          .streamWriteConstraints(
              StreamWriteConstraints.builder().maxNestingDepth(MAX_WRITTEN_NESTING).build())
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .build();

  static final JsonMapper MAPPER =
      JsonMapper.builder(FACTORY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private ApiJson() {}

  static byte[] write(JsonNode json) {
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer cannot be written as JSON", e);
    }
  }

  /**
   * Reads a body.
   *
   * @throws Problem if it is no JSON in UTF-8
   */
  static JsonNode read(byte[] body) {
    try {
      // Jackson would guess UTF-16 and UTF-32 from zeros; JSON that is exchanged is UTF-8, says RFC
      // 8259.
      JsonNode json =
          MAPPER.readTree(
              new InputStreamReader(
                  new ByteArrayInputStream(body), StandardCharsets.UTF_8.newDecoder()));
      if (json == null || json.isMissingNode()) {
        throw Problem.badRequest("the body is empty; it must be JSON in UTF-8");
      }
      checkTexts(json);
      return json;
    } catch (JsonProcessingException e) {
      throw Problem.badRequest("the body is no JSON: " + firstLine(e.getOriginalMessage()))
          .with("line", e.getLocation() == null ? 0 : e.getLocation().getLineNr())
          .with("column", e.getLocation() == null ? 0 : e.getLocation().getColumnNr());
    } catch (IOException e) {
      throw Problem.badRequest(
          "the body is no text in UTF-8%s"
              .formatted(
                  Arrays.copyOf(body, 1)[0] == BOM ? "; send it without a byte order mark" : ""));
    }
  }

  /** An escape can stand for half a character, which is no text. */
  private static void checkTexts(JsonNode json) {
    if (json.isTextual() && !Utf8.isEncodable(json.textValue())) {
      throw Problem.badRequest("the body has a text with half of a surrogate pair");
    }
    for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
      if (!Utf8.isEncodable(names.next())) {
        throw Problem.badRequest("the body has a name with half of a surrogate pair");
      }
    }
    json.forEach(ApiJson::checkTexts);
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }
}
