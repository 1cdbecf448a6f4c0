// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Requests and replies as lines of JSON. */
public final class Lines {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Lines() {}

  public static String write(Object requestOrReply) {
    try {
      return MAPPER.writeValueAsString(requestOrReply);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot be written: " + requestOrReply, e);
    }
  }

  /**
   * The inverse.
   *
   * @throws JsonProcessingException if the line is none, as the last one of a process that was
   *     killed
   */
  public static <T> T read(String line, Class<T> type) throws JsonProcessingException {
    return MAPPER.readValue(line, type);
  }
}
