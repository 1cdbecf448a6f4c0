// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.typesafe.config.ConfigFactory;
import io.holdfast.settings.Section;

/**
 * Prints the CQL of the schema, for those who create it themselves ({@code
 * holdfast.cassandra.schema.create = off}). Reads the application's configuration from the class
 * path: keyspace, replication and partition size are those that it says.
 */
public final class PrintSchema {
  private PrintSchema() {}

  /**
   * Run as {@code java -cp … io.holdfast.cassandra.PrintSchema}.
   *
   * @param arguments none, or the path of another store's sections than {@code holdfast}
   */
  @SuppressWarnings("SystemOut") // its purpose
  public static void main(String[] arguments) {
    String store = arguments.length == 0 ? Section.DEFAULT_STORE : arguments[0];
    System.out.print(new Schema(CassandraSettings.of(ConfigFactory.load(), store)).script());
  }
}
