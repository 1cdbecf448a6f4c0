// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The streams that a writer remembers. Those with an operation under way, in doubt or half deleted
 * are always kept; of the idle ones the most recently used, up to a bound. What is forgotten is
 * read again when it is needed. Thread-safe.
 */
final class StreamMemory {
  private final Map<String, Stream> pinned = new HashMap<>();
  private final LinkedHashMap<String, Stream> idle = new LinkedHashMap<>();
  private final int maxIdle;

  StreamMemory(int maxIdle) {
    this.maxIdle = maxIdle;
  }

  /** The stream, kept until {@link #leave} was called as often. */
  synchronized Stream enter(String persistenceId) {
    Stream stream = pinned.get(persistenceId);
    if (stream == null) {
      stream = idle.remove(persistenceId);
      if (stream == null) {
        stream = new Stream(persistenceId);
      }
      pinned.put(persistenceId, stream);
    }
    stream.operations++;
    return stream;
  }

  /** What is remembered of the stream, if anything. For tests. */
  synchronized @Nullable Stream find(String persistenceId) {
    Stream stream = pinned.get(persistenceId);
    return stream == null ? idle.get(persistenceId) : stream;
  }

  /** The streams with a deletion that has not come to its end. */
  synchronized List<String> halfDeleted() {
    return pinned.values().stream()
        .filter(stream -> !stream.isErased())
        .map(stream -> stream.persistenceId)
        .toList();
  }

  synchronized void leave(Stream stream) {
    if (--stream.operations > 0 || stream.inDoubt || !stream.isErased()) {
      return;
    }
    pinned.remove(stream.persistenceId);
    idle.put(stream.persistenceId, stream);
    if (idle.size() > maxIdle) {
      Iterator<Stream> eldest = idle.values().iterator();
      eldest.next();
      eldest.remove();
    }
  }
}
