// SPDX-License-Identifier: Apache-2.0
/**
 * The sample application: {@link io.holdfast.sample.DemoMain} is the entry of {@code ./demo}.
 *
 * <ul>
 *   <li>{@code demo}: append an event log, read it back, compare;
 *   <li>{@code cluster}: nodes as processes, {@code ./demo serve} and {@code ./demo node};
 *   <li>{@code http}: the API that each node serves;
 *   <li>{@code orders}: a domain with decisions, state and a read model.
 * </ul>
 */
@NullMarked
package io.holdfast.sample;

import org.jspecify.annotations.NullMarked;
