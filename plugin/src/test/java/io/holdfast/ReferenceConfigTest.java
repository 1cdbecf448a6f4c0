// SPDX-License-Identifier: Apache-2.0
package io.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import io.holdfast.eventstore.EventStore;
import io.holdfast.settings.Section;
import java.lang.reflect.Method;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@code reference.conf} has every key that is read, and no other. Where a class that reads
 * settings is added, {@link #readAll} must call it.
 */
class ReferenceConfigTest {
  private static final Config ALL = ConfigFactory.load();

  /** The sections that Pekko reads too, and what has its own keys of such a section. */
  private static final Map<String, String> READ_BY_PEKKO =
      Map.of(
          "holdfast.journal", "pekko.persistence.journal-plugin-fallback",
          "holdfast.query", "pekko.persistence.journal-plugin-fallback",
          "holdfast.snapshot-store", "pekko.persistence.snapshot-store-plugin-fallback",
          "holdfast.journal-dispatcher", "pekko.actor.default-dispatcher");

  private final ReadSettings settings = new ReadSettings(ALL);

  @BeforeEach
  void readAll() throws Exception {
    Config root = settings.root();
    read("io.holdfast.cassandra.CassandraSettings", root, "holdfast");
    read("io.holdfast.journal.JournalSettings", Section.of(root, "holdfast.journal"), 100_000);
    read("io.holdfast.journal.SnapshotStoreSettings", Section.of(root, "holdfast.snapshot-store"));
    read("io.holdfast.query.QuerySettings", Section.of(root, "holdfast.query"));
    read("io.holdfast.feed.FeedSettings", Section.of(root, "holdfast.feed"));
    read("io.holdfast.journal.HealthCheckSettings", root);
    read(
        "io.holdfast.eventstore.subscription.SubscriptionSettings",
        Section.of(root, "holdfast.subscription"));
    read("io.holdfast.eventstore.entity.StreamEntitySettings", root);
  }

  /** Calls the method {@code of} that takes such arguments. */
  private static void read(String settingsClass, Object... arguments) throws Exception {
    Method of =
        Arrays.stream(Class.forName(settingsClass).getDeclaredMethods())
            .filter(method -> method.getName().equals("of") && takes(method, arguments))
            .findFirst()
            .orElseThrow();
    of.setAccessible(true);
    of.invoke(null, arguments);
  }

  private static boolean takes(Method method, Object... arguments) {
    Class<?>[] types = method.getParameterTypes();
    return types.length == arguments.length
        && IntStream.range(0, types.length)
            .allMatch(i -> types[i] == int.class || types[i].isInstance(arguments[i]));
  }

  /** The keys of our own {@code reference.conf} alone. */
  private static Set<String> referenceKeys() throws Exception {
    URI classes = EventStore.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    Set<String> keys = new TreeSet<>();
    addKeys(
        ConfigFactory.parseURL(classes.resolve("reference.conf").toURL()).getObject("holdfast"),
        "holdfast.",
        keys);
    return keys;
  }

  /** A section that has no keys by default is one itself. */
  private static void addKeys(ConfigObject section, String path, Set<String> keys) {
    if (section.isEmpty()) {
      keys.add(path);
    }
    section.forEach(
        (key, value) -> {
          if (value instanceof ConfigObject inner) {
            addKeys(inner, path + key + ".", keys);
          } else {
            keys.add(path + key);
          }
        });
  }

  @Test
  void everyKeyThatIsReadIsInTheReference() throws Exception {
    Set<String> reference = referenceKeys();
    assertThat(settings.paths())
        .filteredOn(path -> path.startsWith("holdfast."))
        .allMatch(path -> reference.stream().anyMatch(key -> isAt(path, key)), "is explained");
  }

  @Test
  void everyKeyOfTheReferenceIsRead() throws Exception {
    assertThat(referenceKeys())
        .allMatch(
            key ->
                settings.paths().stream().anyMatch(path -> isAt(path, key)) || isReadByPekko(key),
            "is read");
  }

  /** Whether the key is the path, or in the section that was read as a whole. */
  private static boolean isAt(String path, String key) {
    return key.equals(path) || (path.endsWith(".") && key.startsWith(path));
  }

  private static boolean isReadByPekko(String key) {
    return READ_BY_PEKKO.entrySet().stream()
        .filter(section -> key.startsWith(section.getKey() + "."))
        .map(section -> section.getValue() + key.substring(section.getKey().length()))
        .anyMatch(ALL::hasPath);
  }
}
