// SPDX-License-Identifier: Apache-2.0
/**
 * What Holdfast counts and measures, given to a Micrometer registry by {@link
 * io.holdfast.metrics.HoldfastMetrics}.
 *
 * <p>The other packages report to {@link io.holdfast.metrics.Measurements}, which knows nothing of
 * Micrometer: an application that does not bind a registry needs no Micrometer on its class path.
 */
@NullMarked
package io.holdfast.metrics;

import org.jspecify.annotations.NullMarked;
