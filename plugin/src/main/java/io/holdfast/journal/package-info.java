// SPDX-License-Identifier: Apache-2.0
/**
 * The Pekko Persistence journal {@code holdfast.journal}, for any persistent actor, classic or
 * typed.
 *
 * <pre>{@code
 * pekko.persistence.journal.plugin = "holdfast.journal"
 * datastax-java-driver.basic {
 *   contact-points = ["cassandra.example.com:9042"]
 *   load-balancing-policy.local-datacenter = "datacenter1"
 * }
 * }</pre>
 */
@NullMarked
package io.holdfast.journal;

import org.jspecify.annotations.NullMarked;
