// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

/**
 * One event was appended.
 *
 * @param event the event as it is stored, with its version and timestamp; the payload is the object
 *     that was given
 * @param currentVersion the stream's version once the event was stored: the event's own
 */
public record AppendResult<T>(StreamDomainEvent<T> event, long currentVersion) {}
