// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import io.holdfast.embedded.EmbeddedCassandraException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A Java that Cassandra runs on. */
record JavaInstallation(Path home, int feature) {

  static final String PROPERTY = "holdfast.cassandra.java-home";
  static final String VARIABLE = "HOLDFAST_CASSANDRA_JAVA_HOME";

  private static final String REMEDY =
      "Cassandra runs on Java 17 or 11. Name one with -D"
          + PROPERTY
          + "=<folder>, the environment variable "
          + VARIABLE
          + " or javaHome(Path) of the builder.";
  private static final Pattern RELEASE = Pattern.compile("(?m)^JAVA_VERSION=\"([^\"]+)\"");
  private static final Pattern BANNER = Pattern.compile("version \"([^\"]+)\"");
  private static final long BANNER_TIMEOUT_SECONDS = 30;

  Path executable() {
    return home.resolve("bin").resolve("java");
  }

  /** The Java chosen by the builder, the property, the variable or, failing these, our own. */
  static JavaInstallation find(@Nullable Path chosen) {
    if (chosen != null) {
      return at(chosen, "javaHome of the builder");
    }
    String property = System.getProperty(PROPERTY);
    if (property != null && !property.isBlank()) {
      return at(Path.of(property.strip()), "system property " + PROPERTY);
    }
    String variable = System.getenv(VARIABLE);
    if (variable != null && !variable.isBlank()) {
      return at(Path.of(variable.strip()), "environment variable " + VARIABLE);
    }
    return at(Path.of(System.getProperty("java.home")), "the Java that runs this code");
  }

  private static JavaInstallation at(Path home, String source) {
    Path executable = home.resolve("bin").resolve("java");
    if (!Files.isExecutable(executable)) {
      throw new EmbeddedCassandraException(
          Reason.UNSUITABLE_JAVA,
          "There is no Java at " + home + " (" + source + "): no bin/java. " + REMEDY);
    }
    String version =
        versionInReleaseFile(home)
            .or(() -> versionInBanner(executable))
            .orElseThrow(
                () ->
                    new EmbeddedCassandraException(
                        Reason.UNSUITABLE_JAVA,
                        "Cannot tell the version of the Java at "
                            + home
                            + " ("
                            + source
                            + "). "
                            + REMEDY));
    int feature = feature(version);
    if (feature != 17 && feature != 11) {
      throw new EmbeddedCassandraException(
          Reason.UNSUITABLE_JAVA,
          "Found Java " + version + " at " + home + " (" + source + "). " + REMEDY);
    }
    return new JavaInstallation(home, feature);
  }

  private static Optional<String> versionInReleaseFile(Path home) {
    try {
      return firstGroup(RELEASE, Files.readString(home.resolve("release")));
    } catch (IOException missing) {
      return Optional.empty();
    }
  }

  private static Optional<String> versionInBanner(Path executable) {
    try {
      Process process =
          new ProcessBuilder(executable.toString(), "-version").redirectErrorStream(true).start();
      try {
        process.getOutputStream().close();
        if (!process.waitFor(BANNER_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
          return Optional.empty();
        }
        // A banner of some lines fits into the pipe, so waiting first cannot block the process.
        String banner = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return firstGroup(BANNER, banner);
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException unusable) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedCassandraException(
          Reason.INTERRUPTED, "Interrupted while asking a Java for its version", e);
    }
  }

  private static Optional<String> firstGroup(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** 17 of 17.0.15, 25 of 25-ea, 8 of 1.8.0_392; 0 of what is no version. */
  private static int feature(String version) {
    Matcher matcher = Pattern.compile("^(?:1\\.)?(\\d{1,4})").matcher(version);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }
}
