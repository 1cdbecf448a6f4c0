// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.typesafe.config.Config;
import io.holdfast.settings.Section;
import java.util.stream.IntStream;

/**
 * What the settings of all sections of a store demand of Cassandra's limits.
 *
 * @param groupBytes the most bytes of a request to several partitions
 * @param valueBytes the most bytes of a value, and of a request to one partition
 * @param pageRows the most rows to a page
 */
record StorageDemands(int groupBytes, int valueBytes, int pageRows) {

  static StorageDemands of(Config root, String store) {
    Section all = Section.ofStore(root, store);
    Section journal = all.section("journal");
    Section snapshots = all.section("snapshot-store");
    int pageRows =
        IntStream.of(
                journal.integer("replay-page-size", 1, 10_000),
                all.section("query").integer("page-size", 1, 10_000),
                all.section("event-store").integer("read-page-size", 1, 10_000),
                // The last batch of a stream is read in one page.
                journal.integer("max-batch-size", 1, 10_000_000) + 1,
                root.getInt("datastax-java-driver.basic.request.page-size"))
            .max()
            .orElseThrow();
    return new StorageDemands(
        all.section("cassandra").bytes("write-groups.max-bytes", 1_024, 1 << 20),
        Math.max(
            journal.bytes("max-batch-bytes", 1 << 10, 16 << 20),
            snapshots.bytes("chunk-size", 1 << 10, 8 << 20)),
        pageRows);
  }
}
