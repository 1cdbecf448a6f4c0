// SPDX-License-Identifier: Apache-2.0
/** The page of the documentation that shows what runs have found. */
@NullMarked
package io.holdfast.chaos.page;

import org.jspecify.annotations.NullMarked;
