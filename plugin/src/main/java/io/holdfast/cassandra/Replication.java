// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a keyspace is replicated.
 *
 * @param options as CQL takes them, sorted; the class by its simple name
 */
record Replication(TreeMap<String, String> options) {
  private static final String CLASS = "class";
  private static final String NETWORK_TOPOLOGY = "NetworkTopologyStrategy";
  private static final String SIMPLE = "SimpleStrategy";
  private static final String FACTOR = "replication_factor";

  /** What has become of the quorums that wrote what is stored. */
  enum Change {
    /** The same rows have the same replicas, as far as our requests count them. */
    NONE,

    /** One replica more: each quorum of the new ones has a member of each quorum of the old. */
    ONE_MORE,

    /** A quorum need not have what an earlier one has written. */
    OTHER
  }

  /**
   * @param options as {@code system_schema.keyspaces} has them, or {@code schema.replication}
   */
  static Replication of(Map<String, String> options) {
    TreeMap<String, String> sorted = new TreeMap<>(options);
    sorted.computeIfPresent(CLASS, (key, name) -> name.substring(name.lastIndexOf('.') + 1));
    return new Replication(sorted);
  }

  /**
   * Of what is set in {@code schema.replication}: {@code SimpleStrategy} and one replica where
   * nothing else is said. Empty if a class is missing, or what it cannot do without.
   */
  static Optional<Replication> completed(Map<String, String> options) {
    TreeMap<String, String> all = new TreeMap<>(options);
    if (Set.of(FACTOR).containsAll(all.keySet())) {
      all.put(CLASS, SIMPLE);
    }
    String strategy = String.valueOf(all.get(CLASS));
    if (strategy.endsWith(SIMPLE)) {
      all.putIfAbsent(FACTOR, "1");
    }
    boolean lacksReplicas = strategy.endsWith(NETWORK_TOPOLOGY) && all.size() == 1;
    return all.containsKey(CLASS) && !lacksReplicas
        ? Optional.of(new Replication(all))
        : Optional.empty();
  }

  /** Reads what {@link #toString} wrote. */
  static Replication parse(String text) {
    TreeMap<String, String> options = new TreeMap<>();
    for (String option : text.split(", ", -1)) {
      int equals = option.lastIndexOf('=');
      options.put(option.substring(0, Math.max(0, equals)), option.substring(equals + 1));
    }
    return new Replication(options);
  }

  /** As it stands in the table {@code settings}. */
  @Override
  public String toString() {
    return options.entrySet().stream()
        .map(option -> option.getKey() + "=" + option.getValue())
        .collect(Collectors.joining(", "));
  }

  /** As CQL takes it. */
  String cql() {
    return options.entrySet().stream()
        .map(option -> "'%s': '%s'".formatted(option.getKey(), option.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  /** Whether some of the replicas do not keep what is repaired. */
  boolean isTransient() {
    return options.values().stream().anyMatch(value -> value.indexOf('/') >= 0);
  }

  /** The same with as many replicas, all of which keep everything. */
  Replication withoutTransient() {
    TreeMap<String, String> whole = new TreeMap<>(options);
    whole.replaceAll((key, value) -> value.replaceAll("/.*", ""));
    return new Replication(whole);
  }

  /**
   * How many replicas our requests count.
   *
   * @param datacenter the one whose replicas make a quorum; null for all of them
   */
  int replicas(@Nullable String datacenter) {
    return counted(datacenter).values().stream().mapToInt(Integer::intValue).sum();
  }

  /**
   * The replicas of a keyspace that is created now.
   *
   * @param quorum how many of them must answer; 0 if there are none
   * @param possible how many of them there are nodes for
   */
  record Placed(int quorum, int possible) {}

  /**
   * Places the replicas as Cassandra does: {@code replication_factor} stands for each data centre
   * that has no number of its own.
   *
   * @param nodes how many nodes each of the data centres has whose replicas make a quorum
   */
  Placed place(Map<String, Integer> nodes) {
    Map<String, Integer> wanted = counted(null);
    int replicas = 0;
    int possible = 0;
    if (NETWORK_TOPOLOGY.equals(options.get(CLASS))) {
      int others = wanted.getOrDefault(FACTOR, 0);
      for (Map.Entry<String, Integer> datacenter : nodes.entrySet()) {
        int here = wanted.getOrDefault(datacenter.getKey(), others);
        replicas += here;
        possible += Math.min(here, datacenter.getValue());
      }
    } else {
      replicas = wanted.getOrDefault(FACTOR, 0);
      possible = Math.min(replicas, nodes.values().stream().mapToInt(Integer::intValue).sum());
    }
    return new Placed(replicas == 0 ? 0 : replicas / 2 + 1, possible);
  }

  /** What has changed since a replication that all stored rows have. */
  Change since(Replication earlier, @Nullable String datacenter) {
    if (equals(earlier)) {
      return Change.NONE;
    }
    if (!String.valueOf(earlier.options.get(CLASS)).equals(options.get(CLASS))) {
      return Change.OTHER;
    }
    Map<String, Integer> before = earlier.counted(datacenter);
    Map<String, Integer> now = counted(datacenter);
    TreeSet<String> places = new TreeSet<>(before.keySet());
    places.addAll(now.keySet());
    int more = 0;
    for (String place : places) {
      int added = now.getOrDefault(place, 0) - before.getOrDefault(place, 0);
      if (added < 0) {
        return Change.OTHER;
      }
      more += added;
    }
    return more == 0 ? Change.NONE : more == 1 ? Change.ONE_MORE : Change.OTHER;
  }

  /** Only NetworkTopologyStrategy knows data centres; others count all replicas everywhere. */
  private Map<String, Integer> counted(@Nullable String datacenter) {
    boolean local = datacenter != null && NETWORK_TOPOLOGY.equals(options.get(CLASS));
    return options.entrySet().stream()
        .filter(option -> option.getValue().matches("[0-9]+(/[0-9]+)?"))
        .filter(option -> !local || option.getKey().equals(datacenter))
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                option -> Integer.parseInt(option.getValue().replaceAll("/.*", ""))));
  }
}
