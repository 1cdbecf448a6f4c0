// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;

/**
 * What processes have used of the processors so far, in nanoseconds of all cores together.
 *
 * @param clientNanos this JVM
 * @param serverNanos Cassandra
 */
record CpuTimes(long clientNanos, long serverNanos) {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  /**
   * What they have used until now.
   *
   * @param servers the ids of Cassandra's processes
   */
  static CpuTimes now(List<Long> servers) {
    return new CpuTimes(
        SYSTEM.getProcessCpuTime(), servers.stream().mapToLong(CpuTimes::ofProcess).sum());
  }

  /** That of one process; 0 if it has ended. To some ten milliseconds. */
  static long ofProcess(long processId) {
    return ProcessHandle.of(processId)
        .flatMap(process -> process.info().totalCpuDuration())
        .map(Duration::toNanos)
        .orElse(0L);
  }

  CpuTimes minus(CpuTimes earlier) {
    return new CpuTimes(clientNanos - earlier.clientNanos, serverNanos - earlier.serverNanos);
  }
}
