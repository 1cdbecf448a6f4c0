// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.config.OptionsMap;
import com.datastax.oss.driver.api.core.config.TypedDriverOption;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Plain sessions. The driver is configured here alone: the application's settings (keyspace,
 * profiles, credentials) are the tested code's business.
 */
final class Sessions {

  /** Busy machines create tables slowly. */
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private Sessions() {}

  static CqlSession open(InetSocketAddress contactPoint, String localDatacenter) {
    return CqlSession.builder()
        .withConfigLoader(DriverConfigLoader.fromMap(options()))
        .withLocalDatacenter(localDatacenter)
        .addContactPoint(contactPoint)
        .build();
  }

  private static OptionsMap options() {
    OptionsMap options = OptionsMap.driverDefaults();
    options.put(TypedDriverOption.REQUEST_TIMEOUT, TIMEOUT);
    options.put(TypedDriverOption.CONTROL_CONNECTION_TIMEOUT, TIMEOUT);
    options.put(TypedDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, TIMEOUT);
    // Otherwise each CREATE, ALTER and DROP waits a second for others, and all tables are read
    // anew.
    options.put(TypedDriverOption.METADATA_SCHEMA_ENABLED, false);
    options.put(TypedDriverOption.NETTY_IO_SIZE, 1);
    options.put(TypedDriverOption.NETTY_ADMIN_SIZE, 1);
    options.put(TypedDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0);
    options.put(TypedDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0);
    return options;
  }
}
