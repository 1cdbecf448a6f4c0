// SPDX-License-Identifier: Apache-2.0
/** The read journal on a real Cassandra. */
@NullMarked
package io.holdfast.it.query;

import org.jspecify.annotations.NullMarked;
