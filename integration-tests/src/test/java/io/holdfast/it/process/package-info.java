// SPDX-License-Identifier: Apache-2.0
/**
 * Nodes that run as processes of their own, so that they can be stopped (SIGSTOP), resumed and
 * killed while the others go on.
 *
 * <p>{@link io.holdfast.it.process.Node} is what a test does with a node; {@code LocalNode} is one
 * in this JVM, {@code NodeProcess} one in a child. {@code Chronicle} holds what the writers heard
 * against what is stored in the end, {@code Deliveries} what a reader of the feed was given. {@code
 * -Dholdfast.test.repetitions=N} repeats the rounds of the tests.
 */
@NullMarked
package io.holdfast.it.process;

import org.jspecify.annotations.NullMarked;
