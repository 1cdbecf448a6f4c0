// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.holdfast.chaos.history;

import org.jspecify.annotations.NullMarked;
