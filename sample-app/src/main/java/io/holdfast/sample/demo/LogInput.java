// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import io.holdfast.sample.cloudevents.EventLimits;
import io.holdfast.sample.common.Console;

import java.nio.file.Path;

/** The log of a run: from a file, or made up. */
final class LogInput {
  private final Console console;
  private final DemoOptions options;
  private final EventLimits limits;

  LogInput(Console console, DemoOptions options, EventLimits limits) {
    this.console = console;
    this.options = options;
    this.limits = limits;
  }

  EventLog read() throws RefusedInputException {
    Path file = options.file();
    EventLog log =
        file == null
            ? OrderLogGenerator.generate(options.seed(), options.events())
            : readFile(file);
    console.line(
        "Event log   %s in %s, %s",
        Console.count(log.eventCount(), "event"),
        Console.count(log.streams().size(), "stream"),
        file == null ? "generated with --seed %d".formatted(options.seed()) : "from " + file);
    return log;
  }

  private EventLog readFile(Path file) throws RefusedInputException {
    CloudEventFile.Contents contents = CloudEventFile.read(file, limits);
    BrokenLines broken = contents.broken();
    if (broken.count() > 0) {
      broken.describe().forEach(line -> console.line("%s", line));
      if (!options.skipBrokenLines()) {
        throw new RefusedInputException(
            "%s is refused because of %s; nothing was written.%nCorrect them, or leave them out with --skip-broken-lines."
                .formatted(file, Console.count(broken.count(), "broken line")));
      }
      console.line("Skipped     %s", Console.count(broken.count(), "broken line"));
    }
    if (contents.log().streams().isEmpty()) {
      throw new RefusedInputException("%s has no events.".formatted(file));
    }
    return contents.log();
  }
}
