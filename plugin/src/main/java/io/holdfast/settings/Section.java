// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.List;

/**
 * A section of the configuration. Whatever is wrong with a value is an {@link
 * IllegalArgumentException} with the value's full path and what it must be. For Holdfast's own
 * packages. Immutable.
 */
public final class Section {
  /** Where the sections of the store stand, of which there is one by default. */
  public static final String DEFAULT_STORE = "holdfast";

  private final Config config;
  private final String path;

  private Section(Config config, String path) {
    this.config = config;
    this.path = path;
  }

  /**
   * All sections of a store, which stand side by side at some path.
   *
   * @param root the whole configuration
   */
  public static Section ofStore(Config root, String store) {
    if (!root.hasPath(store + ".cassandra")) {
      throw new IllegalArgumentException(
          "%s: has no section 'cassandra' with the keyspace of a store; a second store has all sections of the first, as in %s = ${holdfast} { cassandra.keyspace = another }"
              .formatted(store, store));
    }
    return of(root, store);
  }

  /**
   * The path of a plugin's section, which may be given as its name where it is one of the store's.
   *
   * @param root the whole configuration
   */
  public static String pluginOf(Config root, String store, String named) {
    String ofStore = store + "." + named;
    return named.indexOf('.') < 0 && root.hasPath(ofStore) ? ofStore : named;
  }

  /**
   * The path of the store that a plugin is of: that whose section {@code cassandra} stands beside
   * the plugin's; {@code holdfast} where none does.
   *
   * @param root the whole configuration
   * @param path of the plugin's section
   */
  public static String storeAround(Config root, String path) {
    String store = path.substring(0, Math.max(0, path.lastIndexOf('.')));
    if (!store.isEmpty() && root.hasPath(store + ".cassandra")) {
      return store;
    }
    for (String key : List.of(path + ".keyspace", path + ".cassandra", store + ".keyspace")) {
      if (!key.startsWith(".") && root.hasPath(key)) {
        throw new IllegalArgumentException(
            "%s: nothing reads it, and %s would use the keyspace of the store 'holdfast'. A keyspace of its own takes a copy of all sections, as in tenant2 = ${holdfast} { cassandra.keyspace = another }, and its plugins, as tenant2.journal"
                .formatted(key, path));
      }
    }
    return DEFAULT_STORE;
  }

  /** The section at a path of the whole configuration. */
  public static Section of(Config root, String path) {
    return at(root.getConfig(path), path);
  }

  /** A section that somebody has cut out of the configuration, as Pekko does for its plugins. */
  public static Section at(Config section, String path) {
    return new Section(section, path);
  }

  public Section section(String key) {
    return at(config.getConfig(key), pathOf(key));
  }

  /** The full path of a key. */
  public String pathOf(String key) {
    return path + "." + key;
  }

  public boolean flag(String key) {
    return config.getBoolean(key);
  }

  public String text(String key) {
    return config.getString(key);
  }

  /** The section as it is, for what is not read key by key. */
  public Config config() {
    return config;
  }

  /** A whole number, with both bounds allowed. */
  public int integer(String key, int low, int high) {
    return within(key, config.getInt(key), low, high);
  }

  /** A number of bytes, written as {@code 1 MiB}, with both bounds allowed. */
  public int bytes(String key, int low, int high) {
    return within(key, config.getBytes(key), low, high);
  }

  private int within(String key, long value, int low, int high) {
    if (value < low || value > high) {
      throw refused(key, "%,d".formatted(value), "from %,d to %,d".formatted(low, high));
    }
    return (int) value;
  }

  /** A time above zero. */
  public Duration positiveTime(String key) {
    Duration value = time(key);
    if (value.isZero()) {
      throw refused(key, config.getString(key), "above zero");
    }
    return value;
  }

  /** A time; zero is allowed. */
  public Duration time(String key) {
    Duration value = config.getDuration(key);
    if (value.isNegative()) {
      throw refused(key, config.getString(key), "a time that is not negative");
    }
    return value;
  }

  /**
   * What to throw for a wrong value.
   *
   * @param must what the value must be, as the end of "must be …"
   */
  public IllegalArgumentException refused(String key, String value, String must) {
    return new IllegalArgumentException("%s = %s: must be %s".formatted(pathOf(key), value, must));
  }
}
