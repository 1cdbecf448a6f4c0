// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which event stands at which version of a stream: the first word counts. */
final class StreamOrder {
  /** The sighting that counts, and the one that says most of those that agree with it. */
  private record Place(Sighting first, Sighting witness) {}

  private final Map<Long, Place> byVersion = new HashMap<>();
  private final Map<String, Sighting> byId = new HashMap<>();
  private final List<Sighting> repeated = new ArrayList<>();
  private final Set<String> repeatedIds = new HashSet<>();
  private final Map<String, Batch> batches;
  private long highest;

  /**
   * @param batches by the ids of their events
   */
  StreamOrder(Map<String, Batch> batches) {
    this.batches = batches;
  }

  /** Takes it down, unless another event stands at the version: that is answered then. */
  @Nullable Sighting see(Sighting sighting) {
    Place before = byVersion.putIfAbsent(sighting.version(), new Place(sighting, sighting));
    if (before != null) {
      if (!before.first().id().equals(sighting.id())) {
        return before.first();
      } else if (saysMore(sighting.by(), before.witness().by())) {
        byVersion.put(sighting.version(), new Place(before.first(), sighting));
      }
      return null;
    }
    highest = Math.max(highest, sighting.version());
    if (byId.putIfAbsent(sighting.id(), sighting) != null) {
      repeated.add(sighting);
      repeatedIds.add(sighting.id());
    }
    return null;
  }

  /** An acknowledgement says more than a read, and what was known before more than the later. */
  private static boolean saysMore(Evidence one, Evidence other) {
    boolean acknowledgement = isAppend(one);
    return acknowledgement == isAppend(other) ? one.to() < other.to() : acknowledgement;
  }

  private static boolean isAppend(Evidence evidence) {
    return evidence instanceof Op op && op.operation() instanceof Operation.Adding;
  }

  @Nullable Sighting at(long version) {
    Place place = byVersion.get(version);
    return place == null ? null : place.first();
  }

  /** Who says with the most weight which event stands there. */
  @Nullable Evidence witness(long version) {
    Place place = byVersion.get(version);
    return place == null ? null : place.witness().by();
  }

  @Nullable Sighting of(String id) {
    return byId.get(id);
  }

  @Nullable Batch batchOf(String id) {
    return batches.get(id);
  }

  /** Those whose event stands at another version too, which is that of {@link #of}. */
  List<Sighting> repeated() {
    return repeated;
  }

  boolean isRepeated(String id) {
    return repeatedIds.contains(id);
  }

  /** The highest version at which an event was seen; 0 if none was. */
  long highest() {
    return highest;
  }

  /** The batch of which the version is a part but not the end; {@code null} if it is none. */
  @Nullable Sighting insideBatch(long version) {
    Sighting sighting = at(version);
    Batch batch = sighting == null ? null : batches.get(sighting.id());
    if (sighting == null || batch == null) {
      return null;
    }
    return batch.ids().indexOf(sighting.id()) < batch.ids().size() - 1 ? sighting : null;
  }
}
