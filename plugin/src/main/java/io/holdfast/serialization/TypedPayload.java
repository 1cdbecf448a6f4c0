// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import static java.util.Objects.requireNonNull;

/**
 * What an {@link EventSerializer} read.
 *
 * @param type the logical type name; the stored one, unless an upcaster changed it
 * @param payload what happened
 */
public record TypedPayload(String type, Object payload) {
  public TypedPayload {
    requireNonNull(type, "type");
    requireNonNull(payload, "payload");
  }
}
