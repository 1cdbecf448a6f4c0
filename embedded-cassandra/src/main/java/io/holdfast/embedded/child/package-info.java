// SPDX-License-Identifier: Apache-2.0
/**
 * What runs in the node's own JVM: the main class that watches the parent and starts Cassandra. It
 * knows nothing but the JDK (Java 11), because of our classes only these are on the node's class
 * path.
 */
@NullMarked
package io.holdfast.embedded.child;

import org.jspecify.annotations.NullMarked;
