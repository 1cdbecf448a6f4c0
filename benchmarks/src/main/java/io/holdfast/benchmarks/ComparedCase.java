// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import static io.holdfast.benchmarks.Variant.BARE;
import static io.holdfast.benchmarks.Variant.HOLDFAST;
import static io.holdfast.benchmarks.Variant.HOLDFAST_API;
import static io.holdfast.benchmarks.Variant.MEMORY;
import static io.holdfast.benchmarks.Variant.PEER;

import io.holdfast.benchmarks.Load.Append;
import io.holdfast.benchmarks.Load.Choice;
import java.util.List;

/**
 * Something that all variants are compared at.
 *
 * @param name as an argument has it
 * @param description in some words
 * @param variants that are compared, Holdfast first: the ratios are its own to the others'
 */
record ComparedCase(String name, String description, Load load, List<Variant> variants) {
  private static final List<Variant> ACTORS = List.of(HOLDFAST, PEER, MEMORY, BARE);
  private static final List<Variant> API = List.of(HOLDFAST_API, PEER, BARE);

  /** All there are. */
  static final List<ComparedCase> ALL =
      List.of(
          actors("writers-1", "one writer that waits", Choice.SAME, 1, 1, 1),
          actors("writers-100", "100 writers, each waits", Choice.SAME, 100, 100, 1),
          actors("writers-1000", "1,000 writers, each waits", Choice.SAME, 1_000, 1_000, 1),
          actors("hot-stream", "one writer, 200 in flight", Choice.SAME, 1, 200, 1),
          actors("batch-10", "100 writers, 10 events at once", Choice.SAME, 100, 100, 10),
          actors("batch-100", "100 writers, 100 events at once", Choice.SAME, 100, 100, 100),
          actors("zipf", "1,000 writers by Zipf's law, 200 in flight", Choice.ZIPF, 1_000, 200, 1),
          actors("cold", "new writers, one event each, 100 at a time", Choice.NEW, 1, 100, 1),
          api("api-1", "one stream, one append in flight", Choice.SAME, 1, 1, 1),
          api("api-1000", "1,000 streams, one append in flight each", Choice.SAME, 1_000, 1_000, 1),
          api("api-hot-stream", "one stream, 200 appends in flight", Choice.SAME, 1, 200, 1),
          api("api-batch-10", "1,000 streams, 10 events at once", Choice.SAME, 1_000, 1_000, 10),
          api("api-cold", "new streams, one event each, 100 at a time", Choice.NEW, 1, 100, 1));

  private static ComparedCase actors(
      String name, String description, Choice choice, int streams, int inFlight, int events) {
    return new ComparedCase(
        name, description, new Append(choice, streams, inFlight, events), ACTORS);
  }

  private static ComparedCase api(
      String name, String description, Choice choice, int streams, int inFlight, int events) {
    return new ComparedCase(name, description, new Append(choice, streams, inFlight, events), API);
  }

  static List<String> names() {
    return ALL.stream().map(ComparedCase::name).toList();
  }

  /**
   * The case of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static ComparedCase of(String name) {
    return ALL.stream()
        .filter(candidate -> candidate.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no case '%s'; there are %s".formatted(name, names())));
  }
}
