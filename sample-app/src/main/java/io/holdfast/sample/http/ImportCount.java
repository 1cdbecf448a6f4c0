// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** How far an import has come. Thread-safe. */
final class ImportCount {
  private static final int SHOWN = 20;

  private final long startNanos = System.nanoTime();
  private final List<String> failures = new ArrayList<>();
  private long read;
  private long appended;
  private long repeated;
  private long failed;

  synchronized void read() {
    read++;
  }

  synchronized void appended(int events) {
    appended += events;
  }

  synchronized void repeated(int events) {
    repeated += events;
  }

  synchronized void failed(int events, String reason) {
    failed += events;
    if (failures.size() < SHOWN) {
      failures.add(reason);
    }
  }

  synchronized boolean hasNothingButFailures() {
    return failed > 0 && appended + repeated == 0;
  }

  synchronized String firstFailure() {
    return failures.isEmpty() ? "" : failures.get(0);
  }

  synchronized ObjectNode progress() {
    return ApiJson.MAPPER
        .createObjectNode()
        .put("read", read)
        .put("appended", appended)
        .put("repeated", repeated)
        .put("elapsedMillis", (System.nanoTime() - startNanos) / 1_000_000);
  }

  synchronized ObjectNode end() {
    ObjectNode json = ApiJson.MAPPER.createObjectNode().put("done", true);
    json.setAll(progress());
    json.put("failed", failed);
    ArrayNode reasons = json.putArray("failures");
    failures.forEach(reason -> reasons.add(Problem.encodable(reason)));
    return json;
  }
}
