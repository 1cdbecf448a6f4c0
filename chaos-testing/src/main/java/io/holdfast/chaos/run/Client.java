// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.run;

import io.holdfast.chaos.history.HistoryWriter;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A client of the workload: has one operation under way at a time, and records it. Each has a
 * thread of its own.
 */
abstract class Client implements Runnable {
  /** How long it waits for an answer: longer than an application tries. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final int PAUSE_MILLIS = 100;

  private final String name;
  private final Applications applications;
  private final HistoryWriter history;
  private final Tally tally;
  private final Random random;
  private volatile boolean stopped;

  Client(
      String name, Applications applications, HistoryWriter history, Tally tally, Random random) {
    this.name = name;
    this.applications = applications;
    this.history = history;
    this.tally = tally;
    this.random = random;
  }

  final String name() {
    return name;
  }

  final Random random() {
    return random;
  }

  /** One of those of use; waits for it. */
  final AppProcess anyApplication() throws InterruptedException {
    while (true) {
      Optional<AppProcess> found = applications.any(random);
      if (found.isPresent()) {
        return found.get();
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  /** Does the next operations. */
  abstract void step() throws InterruptedException;

  /** Lets the client end after the operation that is under way. */
  final void stop() {
    stopped = true;
  }

  @Override
  public final void run() {
    try {
      while (!stopped) {
        step();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks one application, and records the question and the answer. */
  final Outcome perform(AppProcess application, Operation operation) throws InterruptedException {
    long number = history.invoke(name, operation);
    Outcome outcome = ask(application, operation);
    history.complete(number, outcome);
    tally.count(outcome);
    if (outcome instanceof Outcome.Unavailable) {
      Thread.sleep(PAUSE_MILLIS);
    }
    return outcome;
  }

  private static Outcome ask(AppProcess application, Operation operation)
      throws InterruptedException {
    try {
      return application.perform(operation).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      return withoutAnswer(operation, String.valueOf(e.getCause()));
    } catch (TimeoutException e) {
      return withoutAnswer(operation, "no answer from " + application.name());
    }
  }

  private static Outcome withoutAnswer(Operation operation, String reason) {
    return changesNothing(operation)
        ? new Outcome.Unavailable(reason)
        : new Outcome.Unknown(reason);
  }

  private static boolean changesNothing(Operation operation) {
    return operation instanceof Operation.Read
        || operation instanceof Operation.GetVersion
        || operation instanceof Operation.Exists
        || operation instanceof Operation.GetInfo
        || operation instanceof Operation.Recover;
  }
}
