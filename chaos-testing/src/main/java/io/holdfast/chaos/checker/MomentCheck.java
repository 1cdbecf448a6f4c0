// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import io.holdfast.chaos.checker.Answer.Bound;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every answer is explained by a moment between call and return, and one that may be old by a
 * moment before the return: reads, versions, existence, conflicts, refusals and appends are
 * linearizable in real time.
 *
 * <p>Each register for itself is decided exactly, see {@link Register}. Where an answer says
 * something of several of them, there must be a moment that suits all, each at its best; that these
 * moments suit other answers at the same time is not checked.
 */
final class MomentCheck {
  private final StreamModel model;
  private final Findings findings;

  MomentCheck(StreamModel model) {
    this.model = model;
    this.findings = model.findings;
  }

  void check(List<Answer> answers) {
    for (Register register : List.of(model.version, model.first, model.closed)) {
      register.contradictions((lower, upper) -> contradict(register, lower, upper));
    }
    for (Answer answer : answers) {
      checkMoment(answer);
      checkBatches(answer);
    }
  }

  private void contradict(Register register, Claim lower, Claim upper) {
    Claim shown = lower;
    if (register == model.version && upper.by() instanceof Op op && op.isLastRead()) {
      shown = acknowledged(lower, upper.value(), op);
    }
    findings.add(
        kindOf(register, shown.by(), upper.by()),
        textOf(register, shown, upper),
        shown.by(),
        upper.by());
  }

  /** An acknowledgement of what a last read does not have says more than a read of it. */
  private Claim acknowledged(Claim lower, long last, Op lastRead) {
    for (long version = last + 1; version <= lower.value(); version++) {
      Evidence witness = model.order().witness(version);
      if (witness != null && isAppend(witness) && witness.to() < lastRead.from()) {
        return new Claim(version, witness.to(), witness);
      }
    }
    return lower;
  }

  private static String textOf(Register register, Claim lower, Claim upper) {
    Evidence low = lower.by();
    Evidence high = upper.by();
    if (low == null || high == null) {
      Evidence told = low == null ? high : low;
      return "%s: nothing explains that the stream's %s is %d"
          .formatted(
              told == null ? "" : told.text(),
              register.name(),
              low == null ? upper.value() : lower.value());
    }
    return "the %s was at least %d by the end of %s; %s, %s, shows at most %d"
        .formatted(
            register.name(),
            lower.value(),
            low.text(),
            high.text(),
            upper.at() == Op.NEVER ? "for ever after" : "which began only then",
            upper.value());
  }

  private ViolationKind kindOf(Register register, @Nullable Evidence low, @Nullable Evidence high) {
    if (isConflict(low) || isConflict(high)) {
      return ViolationKind.UNEXPLAINED_CONFLICT;
    } else if (register == model.closed) {
      return isAppend(high)
          ? ViolationKind.APPENDED_AFTER_CLOSE
          : isAppend(low) ? ViolationKind.UNEXPLAINED_REFUSAL : ViolationKind.STALE_READ;
    } else if (register == model.first) {
      return isAppend(low) || isAppend(high)
          ? ViolationKind.EXPECTATION_BROKEN
          : isRead(high)
              ? ViolationKind.DELETED_BUT_READ
              : isChange(high) ? ViolationKind.UNEXPLAINED_ANSWER : ViolationKind.STALE_READ;
    } else if (isAppend(high)) {
      return isAppend(low) ? ViolationKind.REORDERED : ViolationKind.FUTURE_READ;
    } else if (high instanceof Op op && op.isLastRead()) {
      return isAppend(low)
          ? ViolationKind.LOST
          : low instanceof Delivered
              ? ViolationKind.DELIVERY_PHANTOM
              : low instanceof Op other && other.snapshotAt() > 0
                  ? ViolationKind.SNAPSHOT_MISMATCH
                  : ViolationKind.VANISHED;
    } else if (high instanceof Op op && op.operation() instanceof Operation.Close) {
      return ViolationKind.APPENDED_AFTER_CLOSE;
    }
    return ViolationKind.STALE_READ;
  }

  private static boolean isConflict(@Nullable Evidence evidence) {
    return evidence instanceof Op op && op.outcome() instanceof Outcome.Conflict;
  }

  private static boolean isAppend(@Nullable Evidence evidence) {
    return evidence instanceof Op op && op.operation() instanceof Operation.Adding;
  }

  private static boolean isRead(@Nullable Evidence evidence) {
    return evidence instanceof Op op && op.operation() instanceof Operation.Read;
  }

  private static boolean isChange(@Nullable Evidence evidence) {
    return !(evidence instanceof Op op)
        || op.operation() instanceof Operation.Truncate
        || op.operation() instanceof Operation.Delete
        || op.operation() instanceof Operation.SetMaxCount;
  }

  /** One moment for all that an answer says. */
  private void checkMoment(Answer answer) {
    if (answer.bounds().size() < 2) {
      return;
    }
    Claim begin = new Claim(0, answer.from(), answer.asked());
    Claim end = new Claim(0, answer.to(), answer.answered());
    for (Bound bound : answer.bounds()) {
      Claim notBefore = bound.register().notBefore(bound.least());
      Claim reached =
          bound.most() == Long.MAX_VALUE ? null : bound.register().reachedBy(bound.most() + 1);
      long from = notBefore == null ? Long.MIN_VALUE : notBefore.at();
      long to = reached == null ? Op.NEVER : reached.at();
      if (Math.max(from, answer.from()) > Math.min(to, answer.to())) {
        return; // This register alone contradicts it, and that is found already.
      }
      begin = notBefore != null && from > begin.at() ? notBefore : begin;
      end = reached != null && to < end.at() ? reached : end;
    }
    if (begin.at() > end.at()) {
      findings.add(
          isConflict(answer.answered())
              ? ViolationKind.UNEXPLAINED_CONFLICT
              : isAppend(answer.answered())
                  ? ViolationKind.EXPECTATION_BROKEN
                  : ViolationKind.UNEXPLAINED_ANSWER,
          "%s: what it says was never true at one moment".formatted(answer.answered().text()),
          answer.answered(),
          begin.by(),
          end.by());
    }
  }

  /** No answer tells a version inside a batch: a batch is there at once. */
  private void checkBatches(Answer answer) {
    for (Bound bound : answer.bounds()) {
      if (bound.register() != model.version || bound.least() != bound.most()) {
        continue;
      }
      Sighting inside = model.order().insideBatch(bound.least());
      if (inside != null) {
        findings.add(
            ViolationKind.TORN_BATCH,
            "%s: version %d is inside of the batch of event %s"
                .formatted(answer.answered().text(), bound.least(), inside.id()),
            answer.answered(),
            inside.by());
      }
    }
  }
}
