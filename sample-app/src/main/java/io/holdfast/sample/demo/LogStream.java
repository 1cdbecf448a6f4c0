// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.eventstore.NewEvent;
import java.util.List;

/**
 * The events that a log has for one stream.
 *
 * @param events in the log's order: the first becomes version 1
 */
record LogStream(String streamId, List<NewEvent<JsonNode>> events) {
  LogStream {
    events = List.copyOf(events);
  }
}
