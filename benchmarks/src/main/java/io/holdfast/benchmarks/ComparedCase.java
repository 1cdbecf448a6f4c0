// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import static io.holdfast.benchmarks.Load.Choice.NEW;
import static io.holdfast.benchmarks.Load.Choice.SAME;
import static io.holdfast.benchmarks.Load.Choice.ZIPF;
import static io.holdfast.benchmarks.Variant.BARE;
import static io.holdfast.benchmarks.Variant.HOLDFAST;
import static io.holdfast.benchmarks.Variant.HOLDFAST_API;
import static io.holdfast.benchmarks.Variant.HOLDFAST_API_3;
import static io.holdfast.benchmarks.Variant.HOLDFAST_NEITHER;
import static io.holdfast.benchmarks.Variant.HOLDFAST_NO_FEED;
import static io.holdfast.benchmarks.Variant.HOLDFAST_NO_FENCE;
import static io.holdfast.benchmarks.Variant.MEMORY;
import static io.holdfast.benchmarks.Variant.PEER;

import io.holdfast.benchmarks.Load.Activate;
import io.holdfast.benchmarks.Load.Append;
import io.holdfast.benchmarks.Load.GetVersion;
import io.holdfast.benchmarks.Load.Occupy;
import io.holdfast.benchmarks.Load.Read;
import io.holdfast.benchmarks.Load.Recover;
import io.holdfast.benchmarks.Load.StoredStreams;
import java.util.List;

/**
 * Something that variants are compared at.
 *
 * @param name as an argument has it
 * @param description in some words
 * @param variants that are compared; the ratios are the first one's to the others'
 */
record ComparedCase(String name, String description, Load load, List<Variant> variants) {
  private static final List<Variant> ACTORS = List.of(HOLDFAST, PEER, MEMORY, BARE);
  private static final List<Variant> API = List.of(HOLDFAST_API, PEER, BARE);
  private static final List<Variant> API_CLUSTER =
      List.of(HOLDFAST_API, HOLDFAST_API_3, PEER, BARE);
  private static final List<Variant> JOURNALS = List.of(HOLDFAST, PEER);
  private static final List<Variant> READERS = List.of(HOLDFAST_API, HOLDFAST, PEER);
  private static final List<Variant> STORES = List.of(HOLDFAST_API, HOLDFAST_API_3);
  private static final List<Variant> SWITCHES =
      List.of(HOLDFAST, HOLDFAST_NO_FENCE, HOLDFAST_NO_FEED, HOLDFAST_NEITHER);

  /** All there are. */
  static final List<ComparedCase> ALL =
      List.of(
          of("writers-1", "1 writer waits", new Append(SAME, 1, 1, 1), ACTORS),
          of("writers-100", "100 writers wait", new Append(SAME, 100, 100, 1), ACTORS),
          of("writers-1000", "1,000 writers wait", new Append(SAME, 1_000, 1_000, 1), ACTORS),
          of("hot-stream", "1 writer, 200 in flight", new Append(SAME, 1, 200, 1), ACTORS),
          of("batch-10", "100 writers, batches of 10", new Append(SAME, 100, 100, 10), ACTORS),
          of("batch-100", "100 writers, batches of 100", new Append(SAME, 100, 100, 100), ACTORS),
          of("zipf", "1,000 writers by Zipf's law", new Append(ZIPF, 1_000, 200, 1), ACTORS),
          of("cold", "new writers, 1 event each", new Append(NEW, 1, 100, 1), ACTORS),
          of("api-1", "1 stream waits", new Append(SAME, 1, 1, 1), API),
          of("api-1000", "1,000 streams wait", new Append(SAME, 1_000, 1_000, 1), API_CLUSTER),
          of("api-hot-stream", "1 stream, 200 in flight", new Append(SAME, 1, 200, 1), API),
          of(
              "api-batch-10",
              "1,000 streams, batches of 10",
              new Append(SAME, 1_000, 1_000, 10),
              API_CLUSTER),
          of("api-zipf", "1,000 streams by Zipf's law", new Append(ZIPF, 1_000, 200, 1), API),
          of("api-cold", "new streams, 1 event each", new Append(NEW, 1, 100, 1), API),
          of(
              "recover-long",
              "1 actor of 100,000 events",
              new Recover(new StoredStreams(1, 100_000), 1),
              JOURNALS),
          of(
              "recover-short",
              "actors of 100 events, 50 at a time",
              new Recover(new StoredStreams(1_000, 100), 50),
              JOURNALS),
          of(
              "read-long",
              "1 stream of 100,000 events",
              new Read(new StoredStreams(1, 100_000), 1),
              READERS),
          of(
              "read-short",
              "streams of 10 events, 100 at a time",
              new Read(new StoredStreams(1_000, 10), 100),
              List.of(HOLDFAST_API, HOLDFAST_API_3, HOLDFAST, PEER)),
          of(
              "versions",
              "versions of 1,000 streams, 100 at a time",
              new GetVersion(new StoredStreams(1_000, 10), 100),
              STORES),
          of(
              "activate-1",
              "streams of 1 event",
              new Activate(new StoredStreams(100, 1)),
              List.of(HOLDFAST_API)),
          of(
              "activate-1000",
              "streams of 1,000 events",
              new Activate(new StoredStreams(100, 1_000)),
              List.of(HOLDFAST_API)),
          of(
              "activate-100000",
              "a stream of 100,000 events",
              new Activate(new StoredStreams(1, 100_000)),
              List.of(HOLDFAST_API)),
          of(
              "activate-1000000",
              "a stream of 1,000,000 events",
              new Activate(new StoredStreams(1, 1_000_000)),
              List.of(HOLDFAST_API)),
          of("fence-feed-100", "100 writers wait", new Append(SAME, 100, 100, 1), SWITCHES),
          of("fence-feed-1000", "1,000 writers wait", new Append(SAME, 1_000, 1_000, 1), SWITCHES),
          of(
              "memory",
              "10,000 streams of 1 event",
              new Occupy(10_000),
              List.of(HOLDFAST_API, HOLDFAST, PEER)));

  private static ComparedCase of(
      String name, String description, Load load, List<Variant> variants) {
    return new ComparedCase(name, description, load, variants);
  }

  static List<String> names() {
    return ALL.stream().map(ComparedCase::name).toList();
  }

  /** Those that are measured where none are named: all that need no minutes to be prepared. */
  static List<String> defaultNames() {
    return names().stream().filter(name -> !name.equals("activate-1000000")).toList();
  }

  /**
   * The case of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static ComparedCase named(String name) {
    return ALL.stream()
        .filter(candidate -> candidate.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no case '%s'; there are %s".formatted(name, names())));
  }
}
