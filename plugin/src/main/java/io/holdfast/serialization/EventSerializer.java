// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import java.util.List;
import java.util.Optional;

/**
 * Turns payload objects into bytes and back, at the edge of the API: actors, the network and
 * Cassandra carry only the bytes with a logical type name and a content type.
 *
 * <p>Implementations are thread-safe and do not block. Anything that they throw ends the call of
 * the API as <em>rejected</em>; nothing is stored then.
 */
public interface EventSerializer {
  /**
   * The logical type name of a payload whose event was given none.
   *
   * @return empty if this serializer has no name for it; the caller is then asked to give one
   */
  Optional<String> typeOf(Object payload);

  /**
   * The bytes of a payload. The same payload gives the same bytes and content type each time, so
   * that an append that is tried again can be told from another one.
   *
   * @param type the logical type name that the event is stored with
   */
  SerializedPayload serialize(String type, Object payload);

  /**
   * What bytes mean that {@link #serialize} made, on this node or another, now or years ago.
   *
   * @param type the logical type name that the event was stored with
   * @return one payload, in general; none, or several in their order, where that is what a stored
   *     event means today
   */
  List<TypedPayload> deserialize(String type, SerializedPayload payload);
}
