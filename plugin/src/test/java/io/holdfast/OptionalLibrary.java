// SPDX-License-Identifier: Apache-2.0
package io.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.eventstore.EventStore;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Loads the plugin on a class path that lacks an optional library. */
public final class OptionalLibrary {
  private OptionalLibrary() {}

  /**
   * Loads every class but those that may need the library.
   *
   * @param library a part of its jars' paths
   * @param mayNeedIt the classes that may, by name
   * @param needsIt one that does
   */
  public static void assertOnlyNeededBy(
      String library, Predicate<String> mayNeedIt, Class<?> needsIt) throws Exception {
    Path classes =
        Path.of(EventStore.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (URLClassLoader without =
            new URLClassLoader(classPathWithout(library), ClassLoader.getPlatformClassLoader());
        Stream<Path> files = Files.walk(classes)) {
      List<String> names =
          files
              .map(classes::relativize)
              .flatMap(OptionalLibrary::className)
              .filter(mayNeedIt.negate())
              .toList();
      assertThat(names).isNotEmpty();
      for (String name : names) {
        // Initialized, and with all types in its signatures.
        Class<?> loaded = Class.forName(name, true, without);
        assertThat(loaded.getDeclaredMethods()).isNotNull();
        assertThat(loaded.getClassLoader()).isSameAs(without);
      }
      assertThatThrownBy(() -> Class.forName(needsIt.getName(), true, without).getDeclaredMethods())
          .isInstanceOf(NoClassDefFoundError.class);
    }
  }

  private static Stream<String> className(Path file) {
    String name = file.toString().replace(File.separatorChar, '.');
    return name.endsWith(".class") && !name.endsWith("-info.class")
        ? Stream.of(name.substring(0, name.length() - ".class".length()))
        : Stream.empty();
  }

  private static URL[] classPathWithout(String library) throws Exception {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<URL> urls = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      if (!entry.contains(library)) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    return urls.toArray(URL[]::new);
  }
}
