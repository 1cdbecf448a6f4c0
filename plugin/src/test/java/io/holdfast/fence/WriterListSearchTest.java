// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The registration and the end of writers, in every order of events within bounds, over three
 * replicas: a writer that was told its number is on the list whoever reads it, once, and what a
 * reader has seen of the list it sees again. What is searched is the code that production runs.
 */
class WriterListSearchTest {
  private static Optional<String> search(Supplier<ModelWriterList> world) {
    Set<String> known = new HashSet<>();
    Deque<List<Integer>> open = new ArrayDeque<>(List.of(List.of()));
    while (!open.isEmpty()) {
      List<Integer> path = open.remove();
      int count = replay(world, path, new ArrayList<>()).choices().size();
      for (int choice = 0; choice < count; choice++) {
        List<Integer> longer = new ArrayList<>(path);
        longer.add(choice);
        ModelWriterList next = replay(world, longer, new ArrayList<>());
        Optional<String> violation = next.check();
        if (violation.isPresent()) {
          List<String> trace = new ArrayList<>();
          replay(world, longer, trace);
          return Optional.of(String.join("\n", trace) + "\n=> " + violation.get());
        }
        if (known.add(next.describe())) {
          open.add(longer);
        }
      }
    }
    System.out.printf("%,d states%n", known.size());
    assertThat(known).as("states, or the search saw nothing").hasSizeGreaterThan(500);
    return Optional.empty();
  }

  private static ModelWriterList replay(
      Supplier<ModelWriterList> world, List<Integer> path, List<String> trace) {
    ModelWriterList replayed = world.get();
    for (int choice : path) {
      ModelWriterList.Choice next = replayed.choices().get(choice);
      trace.add(next.label());
      next.action().run();
    }
    return replayed;
  }

  @Test
  void findsNoViolation() {
    assertThat(search(() -> new ModelWriterList(2, 0, false))).isEmpty();
    assertThat(search(() -> new ModelWriterList(1, 2, false))).isEmpty();
  }

  @Test
  @Tag("exhaustive")
  void findsNoViolationWithinLargerBounds() {
    assertThat(search(() -> new ModelWriterList(2, 2, false))).isEmpty();
  }

  /** A look for ends that selects nothing else leaves a row without the writer's id. */
  @Test
  void findsAPartialRow() {
    Optional<String> violation = search(() -> new ModelWriterList(1, 2, true));
    System.out.println(violation.orElse("nothing found"));
    assertThat(violation).isPresent();
  }
}
