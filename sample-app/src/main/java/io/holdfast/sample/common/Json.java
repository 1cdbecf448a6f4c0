// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.common;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cloudevents.jackson.JsonFormat;
import io.holdfast.serialization.StoredJson;

/** How the demo reads and writes JSON: strictly, and with every digit of every number. */
public final class Json {
  public static final JsonMapper MAPPER =
      JsonMapper.builder(StoredJson.factory())
          .addModule(JsonFormat.getCloudEventJacksonModule())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private Json() {}
}
