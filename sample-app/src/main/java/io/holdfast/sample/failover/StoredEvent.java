// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.failover;

/** An event as a node reads it. */
record StoredEvent(long version, String id) {}
