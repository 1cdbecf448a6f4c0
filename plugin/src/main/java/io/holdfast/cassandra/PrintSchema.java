// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.typesafe.config.ConfigFactory;

/**
 * Prints the CQL of the schema, for those who create it themselves ({@code
 * holdfast.cassandra.schema.create = off}). Reads the application's configuration from the class
 * path: keyspace, replication and partition size are those that it says.
 */
public final class PrintSchema {
  private PrintSchema() {}

  /** Run as {@code java -cp … io.holdfast.cassandra.PrintSchema}; takes no arguments. */
  @SuppressWarnings("SystemOut") // its purpose
  public static void main(String[] arguments) {
    System.out.print(new Schema(CassandraSettings.of(ConfigFactory.load())).script());
  }
}
