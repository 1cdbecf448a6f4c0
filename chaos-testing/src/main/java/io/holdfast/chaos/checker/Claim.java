// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import org.jspecify.annotations.Nullable;

/**
 * A bound of a register.
 *
 * @param value the least value that it had by {@code at}, or the most that it had at {@code at}
 * @param by who shows it; {@code null} if it follows from nothing having happened
 */
record Claim(long value, long at, @Nullable Evidence by) {}
