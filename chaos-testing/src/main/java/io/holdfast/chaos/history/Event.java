// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.history;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * An event at its place in a stream. In JSON an array of the two, because histories have many.
 *
 * @param version from 1; of a persistent actor the sequence number
 * @param id unique among all events of the history
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
@JsonPropertyOrder({"version", "id"})
public record Event(long version, String id) {
  @Override
  public String toString() {
    return id + "@" + version;
  }
}
