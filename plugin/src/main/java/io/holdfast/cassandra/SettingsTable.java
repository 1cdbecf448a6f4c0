// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import io.holdfast.cassandra.Statements.Name;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The table {@code settings}, which never changes: something to read that is always there. */
final class SettingsTable {
  private final Requests requests;
  private final Statements statements;

  SettingsTable(Requests requests, Statements statements) {
    this.requests = requests;
    this.statements = statements;
  }

  CompletionStage<Void> probe(Duration timeout) {
    return requests
        .send(
            statements.get(Name.SELECT_SETTING).bind(Schema.SCHEMA_VERSION).setTimeout(timeout),
            "read a setting")
        .thenApply(read -> null);
  }
}
