// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.holdfast.sample.metrics;

import org.jspecify.annotations.NullMarked;
