// SPDX-License-Identifier: Apache-2.0
package io.holdfast.query;

import io.holdfast.query.StreamReader.Page;
import io.holdfast.query.StreamReader.Range;
import io.holdfast.query.StreamReader.VersionedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Collects events of a range until a page is full. */
final class PageBuilder {
  private final Range range;
  private final int limit;
  private final long maxBytes;
  private final List<VersionedEvent> events = new ArrayList<>();
  private long bytes;
  private OptionalLong continueFrom = OptionalLong.empty();

  PageBuilder(Range range, int limit, long maxBytes) {
    this.range = range;
    this.limit = limit;
    this.maxBytes = maxBytes;
  }

  /** Adds the next event; answers whether the page takes more. */
  boolean add(VersionedEvent event) {
    if (!range.includes(event)) {
      return true;
    }
    long size = event.event().data().sizeInBytes();
    if (!events.isEmpty() && bytes + size > maxBytes) {
      continueFrom = OptionalLong.of(event.version());
      return false;
    }
    events.add(event);
    bytes += size;
    if (events.size() < limit) {
      return true;
    }
    long next = range.reverse() ? event.version() - 1 : event.version() + 1;
    if (next >= range.fromVersion() && next <= range.toVersion()) {
      continueFrom = OptionalLong.of(next);
    }
    return false;
  }

  Page build() {
    return new Page(List.copyOf(events), continueFrom);
  }
}
