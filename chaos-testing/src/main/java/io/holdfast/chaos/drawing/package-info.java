// SPDX-License-Identifier: Apache-2.0
/**
 * Violations as pages to look at: {@link io.holdfast.chaos.drawing.Timeline} makes one HTML file
 * that needs no other.
 */
@NullMarked
package io.holdfast.chaos.drawing;

import org.jspecify.annotations.NullMarked;
