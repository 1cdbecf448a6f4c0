// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import io.holdfast.chaos.checker.Answer.Bound;
import io.holdfast.chaos.history.Event;
import io.holdfast.chaos.history.Expected;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import io.holdfast.chaos.history.Result;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What the operations of a stream say of its version, its first version, and of its being closed.
 */
final class Answers {
  private static final long ANY = Long.MAX_VALUE;

  private final StreamModel model;
  private final List<Answer> answers = new ArrayList<>();

  private Answers(StreamModel model) {
    this.model = model;
  }

  /** All of them, which have been claimed. */
  static List<Answer> of(StreamModel model) {
    Answers answers = new Answers(model);
    model.deletions().limit(model.first);
    answers.limitClosed();
    model.history().ops().forEach(answers::add);
    model.batches().forEach(answers::addAppend);
    answers.addDeliveries();
    answers.answers.forEach(Answer::claim);
    List<Answer> existences = answers.existences();
    existences.forEach(Answer::claim);
    answers.answers.addAll(existences);
    return answers.answers;
  }

  /** A stream is not closed before somebody has asked for it. */
  private void limitClosed() {
    Op first = null;
    for (Op op : model.history().ops()) {
      boolean may = op.outcome().mayHaveTakenPlace() || op.outcome() instanceof Outcome.Conflict;
      boolean earlier = first == null || op.invokedAt() < first.invokedAt();
      if (op.operation() instanceof Operation.Close && may && earlier) {
        first = op;
      }
    }
    model.closed.atMost(0, first == null ? Op.NEVER : first.invokedAt(), first);
  }

  private void add(Op op) {
    List<Bound> bounds = new ArrayList<>();
    if (op.outcome() instanceof Outcome.Conflict conflict) {
      addConflict(op, conflict, bounds);
    } else if (op.outcome() instanceof Outcome.Refused refused
        && refused.closed()
        && op.operation() instanceof Operation.Adding) {
      bounds.add(new Bound(model.closed, 1, 1));
    } else if (op.result() instanceof Result.Events read) {
      addRead(op, read, bounds);
    } else if (op.result() instanceof Result.Version version) {
      addVersion(version.version(), bounds);
    } else if (op.result() instanceof Result.Recovered recovered) {
      addVersion(recovered.version(), bounds);
    } else if (op.result() instanceof Result.Info info) {
      addVersion(info.version(), bounds);
      bounds.add(new Bound(model.first, info.firstVersion(), info.firstVersion()));
      long closed = info.closed() ? 1 : 0;
      bounds.add(new Bound(model.closed, closed, closed));
      if (info.closed()) {
        model.version.atMost(info.version(), Op.NEVER, op);
      }
    } else if (op.result() instanceof Result.Appended appended
        && op.operation() instanceof Operation.Adding adding
        && adding.ids().isEmpty()) {
      addVersion(appended.last(), bounds);
      bounds.add(new Bound(model.closed, 0, 0));
      addExpectation(adding.expected(), appended.last(), bounds);
    }
    if (!bounds.isEmpty()) {
      answers.add(Answer.of(op, bounds));
    }
  }

  private void addVersion(long version, List<Bound> bounds) {
    bounds.add(new Bound(model.version, version, version));
  }

  /** That the stream exists, or does not, at a version. */
  private void addExpectation(Expected expected, long version, List<Bound> bounds) {
    if (expected.kind() == Expected.Kind.NO_STREAM) {
      bounds.add(new Bound(model.first, version + 1, ANY));
    } else if (expected.kind() == Expected.Kind.STREAM_EXISTS) {
      bounds.add(new Bound(model.first, 1, version));
    }
  }

  private void addConflict(Op op, Outcome.Conflict conflict, List<Bound> bounds) {
    long version = conflict.actualVersion();
    if (version < 0) {
      return;
    }
    addVersion(version, bounds);
    if (model.idsMayBeStored(op)) {
      return;
    }
    Expected expected = Appends.expectation(op);
    if (expected.kind() == Expected.Kind.NO_STREAM) {
      bounds.add(new Bound(model.first, 1, version));
    } else if (expected.kind() == Expected.Kind.STREAM_EXISTS) {
      bounds.add(new Bound(model.first, version + 1, ANY));
    }
    if (op.operation() instanceof Operation.Adding) {
      bounds.add(new Bound(model.closed, 0, 0));
    }
  }

  private void addRead(Op op, Result.Events read, List<Bound> bounds) {
    long lowest = Long.MAX_VALUE;
    long highest = 0;
    for (Event event : read.events()) {
      lowest = Math.min(lowest, event.version());
      highest = Math.max(highest, event.version());
    }
    if (read.version() >= 0) {
      addVersion(read.version(), bounds);
    } else {
      bounds.add(new Bound(model.version, highest, isWhole(op, read) ? highest : ANY));
    }
    if (!read.events().isEmpty()) {
      bounds.add(new Bound(model.first, 1, lowest));
    }
  }

  /** Whether a read that does not tell the version has come to the stream's end. */
  private boolean isWhole(Op op, Result.Events read) {
    Operation.Read asked = (Operation.Read) op.operation();
    return asked.from() <= 1
        && asked.to() == Long.MAX_VALUE
        && asked.limit() == 0
        && read.continueFrom() == 0
        && model.deletedBelow(op.completedAt()) <= 1;
  }

  /** That a batch was appended at one moment, at which the stream was as expected. */
  private void addAppend(Batch batch) {
    Sighting first = model.order().of(batch.ids().get(0));
    List<Op> candidates = Appends.candidates(batch);
    if (first == null || candidates.isEmpty() || Appends.isDoubtful(batch, model.order())) {
      return;
    }
    Op asked = candidates.stream().min(Comparator.comparingLong(Op::invokedAt)).orElseThrow();
    Op answered =
        batch.acknowledged().stream().min(Comparator.comparingLong(Op::completedAt)).orElse(asked);
    long to = batch.acknowledged().isEmpty() ? Op.NEVER : answered.completedAt();
    List<Bound> bounds = new ArrayList<>();
    addVersion(first.version() - 1, bounds);
    bounds.add(new Bound(model.closed, 0, 0));
    List<Expected> expected = Appends.expectations(candidates);
    if (expected.size() == 1) {
      addExpectation(expected.get(0), first.version() - 1, bounds);
    }
    answers.add(new Answer(asked, answered, asked.invokedAt(), to, bounds));
    model.version.atLeast(first.version() + batch.ids().size() - 1, to, answered);
  }

  private void addDeliveries() {
    for (List<Delivered> deliveries : model.history().deliveries().values()) {
      long highest = 0;
      for (Delivered delivered : deliveries) {
        Sighting there = model.order().at(delivered.version());
        if (delivered.version() > highest && there != null && there.id().equals(delivered.id())) {
          highest = delivered.version();
          model.version.atLeast(highest, delivered.at(), delivered);
        }
      }
    }
  }

  /**
   * What answers about existence say, with what all others have said: a stream exists whose first
   * version is not above its version.
   */
  private List<Answer> existences() {
    List<Answer> existences = new ArrayList<>();
    for (Op op : model.history().ops()) {
      if (op.result() instanceof Result.Existence existence) {
        List<Bound> bounds =
            existence.exists() ? ifExists(op) : op.mayBeOld() ? List.of() : ifNotExists(op);
        existences.add(Answer.of(op, bounds));
      }
    }
    return existences;
  }

  private List<Bound> ifExists(Op op) {
    long least = op.mayBeOld() ? 1 : model.first.lowest(op.invokedAt());
    return List.of(
        new Bound(model.version, least, ANY),
        new Bound(model.first, 1, model.version.highest(op.completedAt())));
  }

  private List<Bound> ifNotExists(Op op) {
    long highest = model.first.highest(op.completedAt());
    return List.of(
        new Bound(model.version, 0, highest == ANY ? ANY : highest - 1),
        new Bound(model.first, model.version.lowest(op.invokedAt()) + 1, ANY));
  }
}
