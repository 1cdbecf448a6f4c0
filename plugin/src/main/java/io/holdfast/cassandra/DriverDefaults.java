// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Other defaults for the session as a whole than the driver's, which profiles cannot have. A value
 * that is not the driver's own default is the application's choice, and stays.
 */
final class DriverDefaults {
  private static final String THROTTLER = "advanced.throttler.";
  private static final String RECONNECTION = "advanced.reconnection-policy.";
  private static final String CONNECT_TIMEOUT = "advanced.connection.connect-timeout";
  private static final String KEYSPACES = "advanced.metadata.schema.refreshed-keyspaces";

  /** Those that the driver reads the tables of: all but Cassandra's own. */
  private static final List<String> ALL_KEYSPACES =
      List.of("!system", "!/^system_.*/", "!/^dse_.*/", "!solr_admin", "!OpsCenter");

  private DriverDefaults() {}

  /**
   * @param driver the driver's section
   */
  static Config in(Config driver, CassandraSettings settings) {
    Map<String, Object> ours = new HashMap<>();
    // To try again is our own affair: the driver would do so for ever and say nothing.
    ours.put("advanced.reconnect-on-init", false);
    if (driver.getString(THROTTLER + "class").equals("PassThroughRequestThrottler")) {
      // Requests queue in the driver: without a throttler it fails whatever is more than a
      // connection carries, 1,024 at a time.
      ours.put(THROTTLER + "class", RequestQueue.class.getName());
      ours.put(THROTTLER + "max-concurrent-requests", settings.maxConcurrentRequests());
      ours.put(THROTTLER + "max-queue-size", settings.maxQueuedRequests());
      ours.put(RequestQueue.SETTINGS.getPath(), settings.path("cassandra"));
    }
    if (driver.getString(RECONNECTION + "class").equals("ExponentialReconnectionPolicy")
        && is(driver, RECONNECTION + "base-delay", Duration.ofSeconds(1))
        && is(driver, RECONNECTION + "max-delay", Duration.ofMinutes(1))) {
      // A minute after a long outage, in which Cassandra is back and every request fails.
      ours.put(RECONNECTION + "max-delay", Duration.ofSeconds(2));
    }
    if (is(driver, CONNECT_TIMEOUT, Duration.ofSeconds(5))) {
      // For each address that swallows what is sent to it, before one hears of it.
      ours.put(CONNECT_TIMEOUT, Duration.ofSeconds(2));
    }
    if (driver.getStringList(KEYSPACES).equals(ALL_KEYSPACES)) {
      // Otherwise every node reads the tables of all applications, at start and whenever one of
      // them changes.
      ours.put(KEYSPACES, List.of(settings.keyspace()));
    }
    return ConfigFactory.parseMap(ours).withFallback(driver);
  }

  private static boolean is(Config driver, String path, Duration expected) {
    return driver.getDuration(path).equals(expected);
  }
}
