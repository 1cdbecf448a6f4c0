// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import java.util.List;
import java.util.OptionalLong;

/**
 * Events of a stream.
 *
 * @param events the events, in version order, or the reverse where that was asked for. The parts of
 *     a stored event that an upcaster split share its version, and keep their order either way
 * @param continueFrom where to go on if the range holds more stored events than were read, because
 *     of the {@code limit} or of the store's {@code max-read-events}: the next {@code fromVersion},
 *     or when reading backwards the next {@code toVersion}. Empty if this is all. It may be present
 *     with no events at all, where an upcaster drops those of the page
 * @param currentVersion the stream's version when the read began; 0 if the stream does not exist
 */
public record ReadStreamResult(
    List<StreamDomainEvent<?>> events, OptionalLong continueFrom, long currentVersion) {
  public ReadStreamResult {
    events = List.copyOf(events);
  }
}
