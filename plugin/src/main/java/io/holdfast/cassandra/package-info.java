// SPDX-License-Identifier: Apache-2.0
/**
 * The session, the schema, the statements and the rows: the only package with CQL. Implements what
 * {@link io.holdfast.fence.FenceStorage} asks for.
 */
@NullMarked
package io.holdfast.cassandra;

import org.jspecify.annotations.NullMarked;
