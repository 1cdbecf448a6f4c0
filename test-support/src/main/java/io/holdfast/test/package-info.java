// SPDX-License-Identifier: Apache-2.0
/** How the tests of all modules wait. */
@NullMarked
package io.holdfast.test;

import org.jspecify.annotations.NullMarked;
