// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import io.holdfast.sample.common.CassandraOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for on the command line.
 *
 * @param file the log; {@code null} to generate one
 * @param skipBrokenLines whether broken lines are left out, instead of refusing the file
 */
record DemoOptions(
    @Nullable Path file,
    boolean skipBrokenLines,
    long seed,
    int events,
    int clients,
    int nodes,
    String keyspace,
    CassandraOptions.OrEmbedded cassandra) {}
