// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Each consumer is given a stream's events in order without a gap, the first time that it is given
 * them, and all of them in the end; what it was given already may come again. Where it goes on from
 * an earlier place, what it was given after that place does not count.
 *
 * <p>Not checked: what a consumer is given of events that were deleted before, and that a consumer
 * which begins at a place that is not known is given streams of which it is given nothing.
 */
final class DeliveryCheck {
  /** It was given a version for the first time, after those up to another one. */
  private record Step(Delivered delivered, long before) {}

  private static final long NOT_KNOWN = -1;

  private final StreamModel model;
  private final Consumer consumer;
  private final List<Delivered> deliveries;
  private final Deque<Step> steps = new ArrayDeque<>();
  private long upTo = NOT_KNOWN;
  private boolean reported;

  DeliveryCheck(StreamModel model, Consumer consumer) {
    this.model = model;
    this.consumer = consumer;
    this.deliveries = model.history().deliveriesTo(consumer);
  }

  void check() {
    int next = 0;
    for (Consumer.Start start : consumer.starts()) {
      while (next < deliveries.size() && deliveries.get(next).ordinal() <= start.ordinal()) {
        deliver(next++);
      }
      goOnAfter(start.after());
    }
    while (next < deliveries.size()) {
      deliver(next++);
    }
    if (consumer.caughtUp() && upTo != NOT_KNOWN && !reported) {
      checkEnd();
    }
  }

  private void goOnAfter(long after) {
    if (after <= 0) {
      steps.clear();
      upTo = after < 0 ? NOT_KNOWN : 0;
      return;
    }
    while (!steps.isEmpty() && steps.peek().delivered().ordinal() > after) {
      upTo = steps.pop().before();
    }
  }

  private void deliver(int index) {
    Delivered delivered = deliveries.get(index);
    long version = delivered.version();
    if (upTo == NOT_KNOWN || version > upTo) {
      long missing = upTo == NOT_KNOWN ? version : firstMissing(delivered.at());
      if (missing < version && !reported) {
        report(delivered, missing, index);
      }
      steps.push(new Step(delivered, upTo));
      upTo = version;
    }
  }

  /** The first version after what it was given that is not deleted. */
  private long firstMissing(long time) {
    return Math.max(upTo + 1, model.deletedBelow(time));
  }

  private void report(Delivered delivered, long missing, int index) {
    reported = true;
    Delivered late = null;
    for (int i = index + 1; i < deliveries.size() && late == null; i++) {
      late = deliveries.get(i).version() == missing ? deliveries.get(i) : null;
    }
    model.findings.add(
        late == null ? ViolationKind.DELIVERY_GAP : ViolationKind.DELIVERY_OUT_OF_ORDER,
        "%s, and was not given version %d before".formatted(delivered.text(), missing),
        delivered,
        late == null ? model.order().witness(missing) : late);
  }

  private void checkEnd() {
    long missing = firstMissing(Op.NEVER);
    while (missing < model.order().highest() && model.order().at(missing) == null) {
      missing++; // Nobody has seen it, so a last read finds the gap, if there is one.
    }
    if (missing <= model.order().highest()) {
      model.findings.add(
          ViolationKind.DELIVERY_MISSING,
          "%s %s has come to the end, and was not given version %d"
              .formatted(consumer.kind(), consumer.name(), missing),
          model.order().witness(missing),
          deliveries.isEmpty() ? null : deliveries.get(deliveries.size() - 1));
    }
  }
}
