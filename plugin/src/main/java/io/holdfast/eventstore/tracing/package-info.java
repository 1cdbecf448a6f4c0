// SPDX-License-Identifier: Apache-2.0
/**
 * Traces an event store with OpenTelemetry: {@link
 * io.holdfast.eventstore.tracing.TracingEventStore} puts spans around another store's operations,
 * and carries the caller's trace in the metadata of events.
 *
 * <p>No other package knows of it: an application without a tracing store needs no OpenTelemetry on
 * its class path.
 */
@NullMarked
package io.holdfast.eventstore.tracing;

import org.jspecify.annotations.NullMarked;
