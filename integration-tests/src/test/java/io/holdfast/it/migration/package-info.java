// SPDX-License-Identifier: Apache-2.0
/** Moving from pekko-persistence-cassandra. */
@NullMarked
package io.holdfast.it.migration;

import org.jspecify.annotations.NullMarked;
