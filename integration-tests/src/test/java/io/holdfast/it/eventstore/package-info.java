// SPDX-License-Identifier: Apache-2.0
/** The event store over a real cluster. */
@NullMarked
package io.holdfast.it.eventstore;

import org.jspecify.annotations.NullMarked;
