// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import io.holdfast.fence.ModelStorage.Violation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Visits every state that the {@link World} can reach within bounds, breadth first, so that the
 * first violation comes with a shortest trace.
 *
 * <p>The production code under search cannot be copied, so a state is kept as the choices that lead
 * to it, and made again from the beginning. States are told apart by 128 bits of a hash of all that
 * can make a difference later.
 */
final class Search {
  /**
   * @param states how many different states were visited
   * @param violation what went wrong, after the choices that led there
   */
  record Result(int states, Optional<String> violation) {}

  private final Bounds bounds;
  private final Fault fault;

  private int[] parents = new int[1 << 16];
  private byte[] choices = new byte[1 << 16];
  private int states;
  private long[] table = new long[1 << 18];
  private volatile int violated = -1;
  private String violation = "";

  private Search(Bounds bounds, Fault fault) {
    this.bounds = bounds;
    this.fault = fault;
  }

  static Result run(Bounds bounds, Fault fault) {
    return new Search(bounds, fault).run();
  }

  /**
   * Looks for two states that the search would take for one although they do not go on alike: the
   * traces to both, if there are any. For small bounds.
   */
  static Optional<String> findUnlikeTwins(Bounds bounds) {
    return new Search(bounds, Fault.NONE).findUnlikeTwins();
  }

  private Optional<String> findUnlikeTwins() {
    record Twin(String trace, List<String> successors) {}
    Map<String, Twin> known = new HashMap<>();
    Deque<int[]> unvisited = new ArrayDeque<>(List.of(new int[0]));
    while (!unvisited.isEmpty()) {
      int[] path = unvisited.remove();
      List<String> successors = successors(path);
      Twin twin =
          known.putIfAbsent(replay(path).describe().toString(), new Twin(trace(path), successors));
      if (twin == null) {
        for (int choice = 0; choice < successors.size(); choice++) {
          unvisited.add(extended(path, choice));
        }
      } else if (!twin.successors.equals(successors)) {
        return Optional.of(twin.trace + trace(path));
      }
    }
    return Optional.empty();
  }

  private List<String> successors(int[] path) {
    List<String> successors = new ArrayList<>();
    int count = replay(path).choices().size();
    for (int choice = 0; choice < count; choice++) {
      World world = replay(path);
      World.Choice next = world.choice(choice);
      // Which of several replicas that are alike it is makes no difference.
      String label = next.label().get().replaceAll("( @| reaches | on )[ABC]+", "");
      world.take(next);
      successors.add(label + " -> " + world.describe());
    }
    Collections.sort(successors);
    return successors;
  }

  private static int[] extended(int[] path, int choice) {
    int[] longer = Arrays.copyOf(path, path.length + 1);
    longer[path.length] = choice;
    return longer;
  }

  private Result run() {
    add(-1, 0, new World(bounds, fault).describe());
    int from = 0;
    while (from < states && violated < 0) {
      int to = states;
      IntStream.range(from, to).parallel().forEach(this::expand);
      from = to;
    }
    return new Result(
        states, violated < 0 ? Optional.empty() : Optional.of(trace(path(violated)) + violation));
  }

  private void expand(int state) {
    if (violated >= 0) {
      return;
    }
    int[] path = path(state);
    World world = replay(path);
    int count = world.choices().size();
    for (int choice = 0; choice < count; choice++) {
      World next = choice == 0 ? world : replay(path);
      try {
        next.take(next.choice(choice));
        next.checkStep();
        if (add(state, choice, next.describe())) {
          next.check();
        }
      } catch (Violation e) {
        violate(state, choice, e);
        return;
      }
    }
  }

  private synchronized void violate(int state, int choice, Violation e) {
    if (violated < 0) {
      append(state, choice);
      violation = String.valueOf(e.getMessage());
      violated = states - 1;
    }
  }

  private synchronized int[] path(int state) {
    int length = 0;
    for (int s = state; s > 0; s = parents[s]) {
      length++;
    }
    int[] path = new int[length];
    for (int s = state; s > 0; s = parents[s]) {
      path[--length] = choices[s];
    }
    return path;
  }

  private World replay(int[] path) {
    World world = new World(bounds, fault);
    for (int choice : path) {
      world.take(world.choice(choice));
    }
    return world;
  }

  private String trace(int[] path) {
    World world = new World(bounds, fault);
    List<String> steps = new ArrayList<>();
    try {
      for (int choice : path) {
        World.Choice next = world.choice(choice);
        steps.add(next.label().get());
        world.take(next);
      }
    } catch (Violation expected) {
      // At the last step; its message follows.
    }
    return String.join("\n", steps) + "\n=> ";
  }

  /** Answers whether the state is new. */
  private boolean add(int parent, int choice, CharSequence description) {
    long high = 0x9E3779B97F4A7C15L;
    long low = 0xC2B2AE3D27D4EB4FL;
    for (int i = 0; i < description.length(); i++) {
      char c = description.charAt(i);
      high = Long.rotateLeft((high ^ c) * 0xFF51AFD7ED558CCDL, 31);
      low = Long.rotateLeft((low + c) * 0xC4CEB9FE1A85EC53L, 27) ^ high;
    }
    synchronized (this) {
      boolean isNew = isNew(high, low == 0 ? 1 : low);
      if (isNew) {
        append(parent, choice);
      }
      return isNew;
    }
  }

  private void append(int parent, int choice) {
    if (states == parents.length) {
      parents = Arrays.copyOf(parents, states * 2);
      choices = Arrays.copyOf(choices, states * 2);
    }
    parents[states] = parent;
    choices[states] = (byte) choice;
    states++;
  }

  /** Open addressing, at most half full; a pair of zeros is free. */
  private boolean isNew(long high, long low) {
    if (states * 4L > table.length) {
      long[] old = table;
      table = new long[old.length * 2];
      for (int i = 0; i < old.length; i += 2) {
        if (old[i + 1] != 0) {
          place(old[i], old[i + 1]);
        }
      }
    }
    return place(high, low);
  }

  private boolean place(long high, long low) {
    int mask = table.length - 1;
    int at = (int) (low * 2) & mask;
    while (table[at + 1] != 0) {
      if (table[at] == high && table[at + 1] == low) {
        return false;
      }
      at = at + 2 & mask;
    }
    table[at] = high;
    table[at + 1] = low;
    return true;
  }
}
