// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

/** Somebody saw an event at a version, or was told that it stands there. */
record Sighting(long version, String id, Evidence by) {}
