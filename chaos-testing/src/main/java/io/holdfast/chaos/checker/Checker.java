// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds what is wrong in a history. */
public final class Checker {
  private Checker() {}

  /**
   * Checks a file.
   *
   * @throws io.holdfast.chaos.history.UnusableHistoryException if it is no history, or contradicts
   *     itself
   */
  public static Report check(Path file) {
    return check(RecordedHistory.load(file));
  }

  /**
   * Checks a history.
   *
   * @throws io.holdfast.chaos.history.UnusableHistoryException if two appends share an event id
   */
  public static Report check(RecordedHistory history) {
    List<Violation> violations = new ArrayList<>();
    for (StreamHistory stream : history.streams()) {
      violations.addAll(check(stream, history.consumers()));
    }
    violations.sort(Comparator.comparing(Violation::kind).thenComparingLong(Violation::at));
    return Report.of(history, violations);
  }

  private static List<Violation> check(StreamHistory stream, List<Consumer> consumers) {
    StreamModel model = new StreamModel(stream);
    OrderCheck order = new OrderCheck(model);
    order.putTogether();
    List<Answer> answers = Answers.of(model);
    order.check();
    new ExpectationCheck(model).check();
    new MomentCheck(model).check(answers);
    new ReadCheck(model).check();
    new ChangeCheck(model).check();
    for (Consumer consumer : consumers) {
      if (consumer.wants(stream.id())) {
        new DeliveryCheck(model, consumer).check();
      }
    }
    return model.findings.all();
  }
}
