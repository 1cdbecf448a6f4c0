// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The protocol's requests, as they are told from each other on the wire. */
enum CqlRequest {
  OWNERSHIP_READ("SELECT owner, .* FROM .*\\.streams WHERE"),
  CREATION("INSERT INTO .*\\.streams .* IF NOT EXISTS"),
  EVENT_WRITE("INSERT INTO .*\\.events "),
  FENCE_READ("SELECT .* FROM .*\\.revocations WHERE writer_id = \\?"),
  REVOCATION("INSERT INTO .*\\.revocations "),
  EPOCH_READ("SELECT seq_nr, .* writetime.* FROM .*\\.events .* seq_nr = \\?"),
  TAIL_READ("SELECT seq_nr, .* FROM .*\\.events .* ORDER BY seq_nr DESC LIMIT 1"),
  LAST_BATCH_READ(
      "SELECT seq_nr, .* writetime.* FROM .*\\.events .* seq_nr >= \\? AND seq_nr <= \\?"),
  OWNERSHIP_UPDATE("UPDATE .*\\.streams SET owner = \\?.* IF epoch = \\?.*"),
  DELETION("DELETE FROM .*\\.events .* seq_nr > \\? AND seq_nr <= \\?"),
  CLEARING("DELETE FROM .*\\.events .* seq_nr > \\?$");

  private final Pattern start;

  CqlRequest(String start) {
    this.start = Pattern.compile(start);
  }

  /** This request for that stream; the fence read is for all streams. */
  Predicate<CqlGate.Request> of(String stream) {
    return request ->
        start.matcher(request.cql()).lookingAt()
            && (this == FENCE_READ || request.mentions(stream));
  }
}
