// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.holdfast.testkit;

import org.jspecify.annotations.NullMarked;
