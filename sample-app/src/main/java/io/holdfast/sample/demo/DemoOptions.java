// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for on the command line.
 *
 * @param file the log; {@code null} to generate one
 * @param skipBrokenLines whether broken lines are left out, instead of refusing the file
 * @param dataFolder where the embedded Cassandra keeps its data; {@code null} for a temporary
 *     folder
 * @param contactPoints of an existing Cassandra, with commas between; {@code null} for the embedded
 *     one
 */
record DemoOptions(
    @Nullable Path file,
    boolean skipBrokenLines,
    long seed,
    int events,
    int clients,
    int nodes,
    String keyspace,
    @Nullable Path dataFolder,
    @Nullable String contactPoints,
    String localDatacenter) {}
