// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.holdfast.benchmarks;

import org.jspecify.annotations.NullMarked;
