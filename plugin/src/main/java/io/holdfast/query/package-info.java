// SPDX-License-Identifier: Apache-2.0
/** Reads events without their actor. */
@NullMarked
package io.holdfast.query;

import org.jspecify.annotations.NullMarked;
