// SPDX-License-Identifier: Apache-2.0
/** Reads the configuration, and refuses wrong values with their path and the allowed range. */
@NullMarked
package io.holdfast.settings;

import org.jspecify.annotations.NullMarked;
