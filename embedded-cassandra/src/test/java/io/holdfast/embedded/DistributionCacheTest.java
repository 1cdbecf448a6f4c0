// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.test.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistributionCacheTest {

  @TempDir private Path root;

  /** The smallest jars are enough. */
  private final Distribution distribution = smallest(5);

  @Test
  void unpacksOnceAndThenOnlyChecks() throws IOException {
    List<Path> jars = new DistributionCache(root, distribution).jars();
    FileTime unpacked = Files.getLastModifiedTime(jars.get(0));

    assertThat(jars).hasSize(5).allSatisfy(jar -> assertThat(jar).isRegularFile());
    assertThat(new DistributionCache(root, distribution).jars()).isEqualTo(jars);
    assertThat(Files.getLastModifiedTime(jars.get(0))).isEqualTo(unpacked);
    assertOnlyOneFolder();
  }

  @Test
  void replacesADamagedFolder() throws IOException {
    List<Path> jars = new DistributionCache(root, distribution).jars();
    byte[] bytes = Files.readAllBytes(jars.get(0));
    byte[] damaged = bytes.clone();
    damaged[damaged.length / 2] ^= 1;
    Files.write(jars.get(0), damaged);
    Files.delete(jars.get(1));

    assertThat(new DistributionCache(root, distribution).jars()).isEqualTo(jars);

    assertThat(jars.get(0)).hasBinaryContent(bytes);
    assertThat(jars.get(1)).isRegularFile();
    assertOnlyOneFolder();
  }

  @Test
  void manyMayUnpackAtOnce() throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(4);
    try {
      List<Future<List<Path>>> all =
          Stream.generate(() -> executor.submit(new DistributionCache(root, distribution)::jars))
              .limit(8)
              .toList();
      for (Future<List<Path>> one : all) {
        assertThat(one.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS))
            .allSatisfy(jar -> assertThat(jar).isRegularFile());
      }
    } finally {
      executor.shutdownNow();
    }
    assertOnlyOneFolder();
  }

  private void assertOnlyOneFolder() throws IOException {
    try (Stream<Path> folders = Files.list(root)) {
      assertThat(folders).containsExactly(root.resolve(distribution.key()));
    }
  }

  private static Distribution smallest(int number) {
    List<Distribution.Entry> entries =
        Distribution.load().entries().stream()
            .sorted(Comparator.comparingLong(Distribution.Entry::size))
            .limit(number)
            .toList();
    return new Distribution(entries.toString(), entries);
  }
}
