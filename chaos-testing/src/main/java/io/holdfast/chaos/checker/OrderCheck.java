// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.Event;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Result;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Puts together which event stands where, from the last reads, the acknowledgements, all other
 * reads and the deliveries, in this order, and finds those that contradict what came before; then
 * events that nobody has appended, or whose every append was refused, that stand twice, or without
 * the rest of their batch.
 */
final class OrderCheck {
  private final StreamModel model;
  private final StreamOrder order;
  private final Findings findings;

  OrderCheck(StreamModel model) {
    this.model = model;
    this.order = model.order();
    this.findings = model.findings;
  }

  /** Before any claim is made. */
  void putTogether() {
    List<Op> ops = new ArrayList<>(model.history().ops());
    ops.removeIf(op -> op.result() == null);
    ops.sort(Comparator.comparingLong(Op::completedAt));
    ops.stream().filter(Op::isLastRead).forEach(this::seeEvents);
    ops.stream()
        .filter(op -> op.operation() instanceof Operation.Adding)
        .forEach(this::seeAppended);
    ops.stream().filter(op -> !op.isLastRead()).forEach(this::seeEvents);
    for (List<Delivered> deliveries : model.history().deliveries().values()) {
      for (Delivered delivered : deliveries) {
        see(new Sighting(delivered.version(), delivered.id(), delivered));
        if (!delivered.consumer().wants(delivered.stream())) {
          findings.add(
              ViolationKind.DELIVERY_PHANTOM,
              "%s, of a stream that it did not ask for".formatted(delivered.text()),
              delivered);
        }
      }
    }
  }

  private void seeEvents(Op op) {
    for (Event event : op.events()) {
      see(new Sighting(event.version(), event.id(), op));
    }
  }

  private void seeAppended(Op op) {
    Operation.Adding adding = (Operation.Adding) op.operation();
    if (adding.ids().isEmpty() || !(op.result() instanceof Result.Appended appended)) {
      return;
    }
    if (appended.last() - appended.first() + 1 != adding.ids().size()) {
      findings.add(
          ViolationKind.TORN_BATCH,
          "%d events were appended, and the answer tells of versions %d to %d"
              .formatted(adding.ids().size(), appended.first(), appended.last()),
          op);
      return;
    }
    for (int i = 0; i < adding.ids().size(); i++) {
      see(new Sighting(appended.first() + i, adding.ids().get(i), op));
    }
  }

  private void see(Sighting sighting) {
    Sighting before = order.see(sighting);
    boolean known = order.batchOf(sighting.id()) != null;
    if (!known) {
      boolean delivered = sighting.by() instanceof Delivered;
      findings.add(
          delivered ? ViolationKind.DELIVERY_PHANTOM : ViolationKind.PHANTOM,
          "event %s at version %d was never appended to the stream"
              .formatted(sighting.id(), sighting.version()),
          sighting.by());
    } else if (before != null) {
      findings.add(
          kindOf(sighting, before),
          "version %d is event %s for %s, and event %s for %s"
              .formatted(
                  sighting.version(),
                  before.id(),
                  before.by().who(),
                  sighting.id(),
                  sighting.by().who()),
          sighting.by(),
          before.by());
    }
  }

  private ViolationKind kindOf(Sighting sighting, Sighting before) {
    if (sighting.by() instanceof Delivered) {
      return ViolationKind.DELIVERY_PHANTOM;
    }
    Op op = (Op) sighting.by();
    if (sighting.version() <= op.snapshotAt()) {
      return ViolationKind.SNAPSHOT_MISMATCH;
    } else if (op.operation() instanceof Operation.Adding
        && before.by() instanceof Op other
        && other.isLastRead()) {
      return order.of(sighting.id()) == null ? ViolationKind.LOST : ViolationKind.WRONG_VERSION;
    }
    return ViolationKind.REPLACED;
  }

  /** After all claims were made: what may be deleted follows from them. */
  void check() {
    order.repeated().forEach(this::checkRepeated);
    model.batches().forEach(this::checkBatch);
  }

  private void checkRepeated(Sighting second) {
    Sighting first = order.of(second.id());
    if (first == null) {
      return;
    }
    boolean rises = first.version() < second.version();
    Sighting lower = rises ? first : second;
    Sighting higher = rises ? second : first;
    boolean together = lower.by().equals(higher.by());
    if (together || lower.version() >= model.deletedBelow(higher.by().to())) {
      findings.add(
          ViolationKind.DOUBLED,
          "event %s stands at version %d and at version %d"
              .formatted(second.id(), lower.version(), higher.version()),
          lower.by(),
          higher.by());
    }
  }

  private void checkBatch(Batch batch) {
    Sighting found = null;
    int index = -1;
    for (int i = 0; i < batch.ids().size() && found == null; i++) {
      found = order.of(batch.ids().get(i));
      index = i;
    }
    if (found == null) {
      return;
    }
    if (batch.possible().isEmpty()) {
      checkRefused(batch, found);
    }
    if (batch.ids().size() > 1 && batch.ids().stream().noneMatch(order::isRepeated)) {
      checkWhole(batch, found, found.version() - index);
    }
  }

  /** A store that repeats an append by itself may find that its event is deleted meanwhile. */
  private void checkRefused(Batch batch, Sighting found) {
    for (Op attempt : batch.attempts()) {
      if (found.version() < model.deletedBelow(attempt.completedAt())) {
        return;
      }
    }
    findings.add(
        ViolationKind.REFUSED_BUT_STORED,
        "every append of event %s was refused, and it stands at version %d"
            .formatted(found.id(), found.version()),
        batch.attempts().get(0),
        found.by());
  }

  private void checkWhole(Batch batch, Sighting found, long first) {
    for (int i = 0; i < batch.ids().size(); i++) {
      String id = batch.ids().get(i);
      long version = first + i;
      Sighting own = order.of(id);
      Sighting there = order.at(version);
      Sighting wrong =
          own != null && own.version() != version
              ? own
              : there != null && !there.id().equals(id) ? there : null;
      if (wrong != null) {
        findings.add(
            ViolationKind.TORN_BATCH,
            "event %s of a batch stands at version %d, so event %s belongs to version %d, where it is not"
                .formatted(found.id(), found.version(), id, version),
            found.by(),
            wrong.by(),
            batch.attempts().get(0));
        return;
      }
    }
  }
}
