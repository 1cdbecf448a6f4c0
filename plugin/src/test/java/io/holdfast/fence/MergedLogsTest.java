// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a row that is to be read after others waits for; the order of all is searched elsewhere. */
class MergedLogsTest {
  private static final UUID READ = new UUID(0, 1);
  private static final UUID OTHER = new UUID(0, 2);

  private final Set<UUID> finished = new HashSet<>();
  private final MergedLogs logs = new MergedLogs(finished::contains);

  private void read(UUID writer, LogRow... rows) {
    logs.add(writer, LogRow.FIRST_POSITION);
    logs.read(writer, List.of(rows));
  }

  private static LogRow row(long position, Map<UUID, Long> after) {
    return new LogRow(position, List.of(), position, Map.of(), after, List.of(), Instant.EPOCH);
  }

  @Test
  void waitsForALogUntilItIsReadThatFar() {
    read(READ, row(1, Map.of(OTHER, 3L)));
    assertThat(logs.take()).isEmpty();
    assertThat(logs.awaited()).containsExactly(OTHER);
    read(OTHER, row(1, Map.of()), row(2, Map.of()));
    assertThat(logs.take()).isPresent();
    assertThat(logs.awaited()).containsExactly(OTHER);
    assertThat(logs.take()).isPresent();
    assertThat(logs.awaited()).isEmpty();
    assertThat(logs.take().orElseThrow().writer()).isEqualTo(READ);
  }

  @Test
  void waitsForNoLogThatIsFinished() {
    read(READ, row(1, Map.of(OTHER, 3L)));
    finished.add(OTHER);
    assertThat(logs.awaited()).isEmpty();
    assertThat(logs.take()).isPresent();
  }

  /** A writer that has claimed streams and logged nothing is on no list. */
  @Test
  void waitsForNoLogThatWasEmpty() {
    read(READ, row(1, Map.of(OTHER, LogRow.FIRST_POSITION)));
    assertThat(logs.awaited()).isEmpty();
    assertThat(logs.take()).isPresent();
  }
}
