// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Records as lines of JSON. */
final class HistoryJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();
  private static final ObjectWriter WRITER = MAPPER.writerFor(HistoryRecord.class);
  private static final ObjectReader READER = MAPPER.readerFor(HistoryRecord.class);

  private HistoryJson() {}

  static byte[] write(HistoryRecord record) {
    try {
      return WRITER.writeValueAsBytes(record);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of a history cannot be written: " + record, e);
    }
  }

  static HistoryRecord read(String line) throws JsonProcessingException {
    return READER.readValue(line);
  }
}
