// SPDX-License-Identifier: Apache-2.0
/**
 * The application process of a run: a cluster node with an event store, which does what lines of
 * JSON on its standard input ask for and answers on its standard output.
 */
@NullMarked
package io.holdfast.chaos.app;

import org.jspecify.annotations.NullMarked;
