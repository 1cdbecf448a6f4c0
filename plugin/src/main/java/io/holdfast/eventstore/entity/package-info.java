// SPDX-License-Identifier: Apache-2.0
/** The stream entity: the sharded persistent actor behind each stream, and how it is hosted. */
@NullMarked
package io.holdfast.eventstore.entity;

import org.jspecify.annotations.NullMarked;
