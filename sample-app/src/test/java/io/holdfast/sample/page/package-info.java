// SPDX-License-Identifier: Apache-2.0
/** The page, tested in a real browser. */
@NullMarked
package io.holdfast.sample.page;

import org.jspecify.annotations.NullMarked;
