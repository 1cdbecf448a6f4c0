// SPDX-License-Identifier: Apache-2.0
/** What several commands use: the console, Cassandra, JSON, waiting. */
@NullMarked
package io.holdfast.sample.common;

import org.jspecify.annotations.NullMarked;
