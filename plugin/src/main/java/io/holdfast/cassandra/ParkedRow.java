// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import java.time.Instant;
import java.util.UUID;

/**
 * An event that a durable subscription has given up.
 *
 * @param generation the subscription's generation that it was given up in
 * @param offset the place after it, as text
 * @param attempts how often it was handed to the handler
 * @param error the last failure
 */
public record ParkedRow(
    int instance,
    String streamId,
    long version,
    UUID generation,
    String offset,
    int attempts,
    String error,
    Instant parkedAt) {}
