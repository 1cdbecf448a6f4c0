// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.holdfast.chaos;

import org.jspecify.annotations.NullMarked;
