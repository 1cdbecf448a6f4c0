// SPDX-License-Identifier: Apache-2.0
/** What single pieces cost, without Cassandra and without a cluster, by JMH. */
@NullMarked
package io.holdfast.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
