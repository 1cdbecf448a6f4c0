// SPDX-License-Identifier: Apache-2.0
/** What a node measures, as Prometheus reads it. */
@NullMarked
package io.holdfast.sample.metrics;

import org.jspecify.annotations.NullMarked;
