// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.common;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options that say which Cassandra a command uses, for every command that uses one. */
public final class CassandraOptions {
  private static final Pattern KEYSPACE = Pattern.compile("[a-z][a-z0-9_]{0,47}");
  private static final Pattern CONTACT_POINTS =
      Pattern.compile("[^,:\\s]+:\\d{1,5}(,[^,:\\s]+:\\d{1,5})*");

  @Option(
      names = "--keyspace",
      paramLabel = "NAME",
      description = "Keyspace of the tables (default: holdfast; holdfast_demo without a command).")
  private @Nullable String keyspace;

  @Option(
      names = "--contact-points",
      paramLabel = "HOST:PORT[,...]",
      description = "Use this Cassandra, and start none.")
  private @Nullable String contactPoints;

  @Option(
      names = "--local-datacenter",
      paramLabel = "NAME",
      defaultValue = "datacenter1",
      description = "Data center of --contact-points (default: ${DEFAULT-VALUE}).")
  private String localDatacenter = "";

  /** The same, for a command that starts a Cassandra where none is named. */
  public static final class OrEmbedded {
    @Mixin private CassandraOptions named = new CassandraOptions();

    @Option(
        names = "--data-folder",
        paramLabel = "DIR",
        description =
            "Keep the data of the embedded Cassandra here, and find it again in the next run.")
    private @Nullable Path dataFolder;

    /** Refuses what makes no sense. */
    public void check(@Nullable CommandSpec spec) {
      named.check(spec);
      Usage.check(
          spec,
          named.contactPoints == null || dataFolder == null,
          "--data-folder is for the embedded Cassandra, not for --contact-points");
    }

    /** {@code null} where none was given. */
    public @Nullable String keyspace() {
      return named.keyspace;
    }

    /** The named one, or an embedded one, which is started; says which. */
    public CassandraAccess open(Console console) {
      CassandraAccess existing = named.named();
      if (existing != null) {
        console.line("Cassandra   the one at %s", existing.describe());
        return existing;
      }
      long startNanos = System.nanoTime();
      console.begin(
          "Cassandra   starting in %s ... ",
          dataFolder == null ? "a temporary folder" : dataFolder);
      CassandraAccess started = CassandraAccess.start(dataFolder);
      console.line("%s, after %.1f s", started.describe(), (System.nanoTime() - startNanos) / 1e9);
      return started;
    }
  }

  /** Refuses what makes no sense. */
  public void check(@Nullable CommandSpec spec) {
    Usage.check(
        spec,
        contactPoints == null || CONTACT_POINTS.matcher(contactPoints).matches(),
        "--contact-points '%s' is not HOST:PORT, or several with commas between"
            .formatted(contactPoints));
    Usage.check(
        spec,
        keyspace == null || KEYSPACE.matcher(keyspace).matches(),
        "--keyspace '%s' is not 1 to 48 characters of a-z, 0-9 and _, the first a letter"
            .formatted(keyspace));
  }

  /** {@code null} where none was given. */
  public @Nullable String keyspace() {
    return keyspace;
  }

  /** The named one; {@code null} where none was named. */
  public @Nullable CassandraAccess named() {
    return contactPoints == null ? null : CassandraAccess.existing(contactPoints, localDatacenter);
  }
}
