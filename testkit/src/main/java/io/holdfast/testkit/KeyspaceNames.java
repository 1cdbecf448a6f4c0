// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import java.security.SecureRandom;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Names for keyspaces: {@code test_}, a random number of this JVM, and a running one, so that
 * neither the tests of one JVM nor several JVMs on one Cassandra meet.
 */
final class KeyspaceNames {

  private static final String PREFIX =
      String.format(Locale.ROOT, "test_%08x_", new SecureRandom().nextInt());
  private static final AtomicLong LAST = new AtomicLong();

  private KeyspaceNames() {}

  static String next() {
    return PREFIX + LAST.incrementAndGet();
  }
}
