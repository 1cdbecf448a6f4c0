// SPDX-License-Identifier: Apache-2.0
/** The plugin against a real Cassandra and real clusters. */
@NullMarked
package io.holdfast.it;

import org.jspecify.annotations.NullMarked;
