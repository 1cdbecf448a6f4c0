// SPDX-License-Identifier: Apache-2.0
/**
 * What {@code ./chaos} runs. {@link io.holdfast.chaos.ChaosMain} is the entry, with a subcommand
 * for each thing to do.
 */
@NullMarked
package io.holdfast.chaos;

import org.jspecify.annotations.NullMarked;
