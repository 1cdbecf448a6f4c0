// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.Expected;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import io.holdfast.chaos.history.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Appends and changes that succeeded stood where they expected; conflicts had a reason. Whether a
 * stream existed, and what its version was meanwhile, is the matter of {@link MomentCheck}.
 */
final class ExpectationCheck {
  private final StreamModel model;
  private final Findings findings;

  ExpectationCheck(StreamModel model) {
    this.model = model;
    this.findings = model.findings;
  }

  void check() {
    for (Batch batch : model.batches()) {
      checkStored(batch);
      checkAppendedOnce(batch);
    }
    for (Op op : model.history().ops()) {
      if (op.outcome() instanceof Outcome.Conflict conflict) {
        checkConflict(op, conflict);
      } else if (op.outcome() instanceof Outcome.Ok) {
        checkSucceeded(op);
      }
    }
  }

  private void checkStored(Batch batch) {
    Sighting first = model.order().of(batch.ids().get(0));
    List<Op> candidates = Appends.candidates(batch);
    if (first == null || candidates.isEmpty() || model.order().isRepeated(first.id())) {
      return;
    }
    for (Op candidate : candidates) {
      Expected expected = Appends.expectation(candidate);
      boolean broken =
          expected.kind() == Expected.Kind.EXACTLY && expected.version() != first.version() - 1;
      if (!broken) {
        return;
      }
    }
    Sighting before = model.order().at(first.version() - 1);
    findings.add(
        ViolationKind.EXPECTATION_BROKEN,
        "event %s stands at version %d, and its append expected version %s"
            .formatted(first.id(), first.version(), Appends.expectation(candidates.get(0))),
        candidates.get(0),
        first.by(),
        before == null ? null : before.by());
  }

  /** Two attempts that were told the same version cannot both have been the one that appended. */
  private void checkAppendedOnce(Batch batch) {
    if (batch.attempts().size() == 1) {
      return;
    }
    Map<Long, Op> writers = new HashMap<>();
    for (Op op : batch.attempts()) {
      if (op.result() instanceof Result.Appended appended && !appended.already()) {
        Op other = writers.putIfAbsent(appended.first(), op);
        if (other != null) {
          findings.add(
              ViolationKind.DOUBLED,
              "two attempts were told that they have appended %s at version %d"
                  .formatted(batch.ids().get(0), appended.first()),
              other,
              op);
        }
      }
    }
  }

  private void checkConflict(Op op, Outcome.Conflict conflict) {
    if (model.idsMayBeStored(op)) {
      return;
    }
    Expected expected = Appends.expectation(op);
    String reason = null;
    List<@Nullable Evidence> evidence = new ArrayList<>(List.of(op));
    if (expected.kind() == Expected.Kind.ANY) {
      reason = "it expects nothing, and the stream has never had its ids";
    } else if (expected.kind() == Expected.Kind.EXACTLY) {
      if (conflict.actualVersion() == expected.version()) {
        reason = "it expects the version that it was told";
      } else if (conflict.actualVersion() < 0 && wasAlways(expected.version(), op, evidence)) {
        reason = "the stream was at the expected version all the time";
      }
    }
    if (reason != null) {
      findings.add(
          ViolationKind.UNEXPLAINED_CONFLICT,
          "%s: %s".formatted(op.text(), reason),
          evidence.toArray(Evidence[]::new));
    }
  }

  private boolean wasAlways(long version, Op op, List<@Nullable Evidence> evidence) {
    if (model.version.lowest(op.invokedAt()) < version
        || model.version.highest(op.completedAt()) > version) {
      return false;
    }
    Claim reached = model.version.reachedBy(version);
    Claim later = model.version.notBefore(version + 1);
    evidence.add(reached == null ? null : reached.by());
    evidence.add(later == null ? null : later.by());
    return true;
  }

  private void checkSucceeded(Op op) {
    Expected expected = Appends.expectation(op);
    if (expected.kind() != Expected.Kind.EXACTLY) {
      return;
    }
    long version = expected.version();
    if (op.result() instanceof Result.Info info) {
      version = info.version();
    } else if (op.result() instanceof Result.Appended appended
        && op.operation() instanceof Operation.Adding adding
        && adding.ids().isEmpty()) {
      version = appended.last();
    }
    if (version != expected.version()) {
      findings.add(
          ViolationKind.EXPECTATION_BROKEN,
          "%s: the stream was at version %d".formatted(op.text(), version),
          op);
    }
  }
}
