// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Knows the text of statements that are sent by id, from having seen them prepared. */
final class CqlStatements {
  private final Map<String, String> texts = new ConcurrentHashMap<>();

  /** What one connection prepares. */
  final class Preparing {
    private final Map<Short, String> queries = new ConcurrentHashMap<>();

    void request(CqlFrame frame) {
      if (frame.opcode() == CqlFrame.PREPARE) {
        queries.put(frame.stream(), frame.query());
      }
    }

    void response(CqlFrame frame) {
      String query = queries.remove(frame.stream());
      String id = query == null || frame.opcode() != CqlFrame.RESULT ? null : frame.preparedId();
      if (query != null && id != null) {
        texts.put(id, query);
      }
    }
  }

  /** What a request executes, for a batch its first statement; {@code null} if it is none. */
  @Nullable String executedBy(CqlFrame frame) {
    return switch (frame.opcode()) {
      case CqlFrame.QUERY -> frame.query();
      case CqlFrame.EXECUTE -> text(frame.executedId());
      case CqlFrame.BATCH -> {
        String id = frame.batchId();
        yield id == null ? frame.batchQuery() : text(id);
      }
      default -> null;
    };
  }

  private String text(String id) {
    String text = texts.get(id);
    if (text == null) {
      throw new IllegalStateException("statement " + id + " was not prepared through this gate");
    }
    return text;
  }
}
