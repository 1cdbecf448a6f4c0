// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All that a history says of one stream. */
public final class StreamHistory {
  private final String id;
  private final List<Op> ops = new ArrayList<>();
  private final Map<Consumer, List<Delivered>> deliveries = new HashMap<>();

  StreamHistory(String id) {
    this.id = id;
  }

  public String id() {
    return id;
  }

  /** In no order. */
  public List<Op> ops() {
    return ops;
  }

  /** Those of each consumer in their order. */
  public Map<Consumer, List<Delivered>> deliveries() {
    return deliveries;
  }

  List<Delivered> deliveriesTo(Consumer consumer) {
    return deliveries.getOrDefault(consumer, List.of());
  }

  void add(Op op) {
    ops.add(op);
  }

  void add(Delivered delivered) {
    deliveries.computeIfAbsent(delivered.consumer(), none -> new ArrayList<>()).add(delivered);
  }

  boolean hasLastRead() {
    return ops.stream().anyMatch(op -> op.isLastRead() && op.result() != null);
  }
}
