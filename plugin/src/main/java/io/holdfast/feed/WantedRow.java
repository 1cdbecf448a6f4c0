// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import io.holdfast.feed.FeedOffset.Place;
import io.holdfast.feed.FeedOffset.Within;
import java.util.ArrayList;
import java.util.List;

/**
 * What a reader wants of a row of a log.
 *
 * @param writer the number of the row's writer
 * @param storeId of the store whose feed it is
 * @param before the place before the row
 * @param after the place after it
 * @param parts at least one, in the order of the entries
 */
record WantedRow(
    long writer, String storeId, Place before, FeedOffset after, List<EntryPart> parts) {
  long events() {
    return parts.stream().mapToLong(EntryPart::events).sum();
  }

  /** What is left of it when parts before that one, and events below, have been used. */
  WantedRow from(EntryPart part, long sequenceNr) {
    int index = parts.indexOf(part);
    List<EntryPart> left = new ArrayList<>(parts.subList(index, parts.size()));
    left.set(0, new EntryPart(part.entry(), part.index(), sequenceNr));
    return new WantedRow(writer, storeId, before, after, left);
  }

  FeedOffset offsetAfter(EntryPart part, long sequenceNr) {
    boolean isLast = part.equals(parts.get(parts.size() - 1));
    return isLast && sequenceNr == part.entry().lastSequenceNr()
        ? after
        : FeedOffset.of(before.at(new Within(writer, part.index(), sequenceNr))).in(storeId);
  }
}
