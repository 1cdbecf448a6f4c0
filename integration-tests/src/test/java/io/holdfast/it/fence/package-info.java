// SPDX-License-Identifier: Apache-2.0
/**
 * One writer per stream, shown against a real Cassandra: two actor systems use one stream, and one
 * of them is frozen or killed at a chosen request while the other goes on. {@code
 * -Dholdfast.test.repetitions=100} repeats each proof.
 */
@NullMarked
package io.holdfast.it.fence;

import org.jspecify.annotations.NullMarked;
