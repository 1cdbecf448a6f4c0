// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.NoNodeAvailableException;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverExecutionProfile;
import com.datastax.oss.driver.api.core.context.DriverContext;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.internal.core.retry.ConsistencyDowngradingRetryPolicy;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Refuses settings of the driver with which a quorum would not be one. */
final class DriverCheck {
  private static final String FAILOVER =
      "advanced.load-balancing-policy.dc-failover.allow-for-local-consistency-levels";

  private final CqlSession session;
  private final CassandraSettings settings;

  DriverCheck(CqlSession session, CassandraSettings settings) {
    this.session = session;
    this.settings = settings;
  }

  /**
   * The data centre whose replicas make a quorum; empty if those of all do.
   *
   * @throws IllegalStateException with what to change
   */
  Optional<String> run() {
    DriverContext context = session.getContext();
    String name = settings.driverProfile();
    if (context.getRetryPolicy(name) instanceof ConsistencyDowngradingRetryPolicy) {
      throw new IllegalStateException(
          ("the driver's retry policy for Holdfast's requests is ConsistencyDowngradingRetryPolicy, which takes a single"
                  + " replica for a quorum: acknowledged events would be lost. Set"
                  + " datastax-java-driver.profiles.%s.advanced.retry-policy.class = DefaultRetryPolicy")
              .formatted(name));
    }
    Set<String> datacenters = usedDatacenters();
    if (datacenters.isEmpty()) {
      throw noNode();
    }
    if (settings.consistency() == Consistency.QUORUM) {
      return Optional.empty();
    }
    DriverExecutionProfile profile = context.getConfig().getProfile(name);
    if (profile.getBoolean(
        DefaultDriverOption.LOAD_BALANCING_DC_FAILOVER_ALLOW_FOR_LOCAL_CONSISTENCY_LEVELS, false)) {
      throw new IllegalStateException(
          ("datastax-java-driver.%s is true: requests at %s would go to the quorum of another data centre, which"
                  + " shares no replica with this one's. Set it to false, for all profiles or as"
                  + " datastax-java-driver.profiles.%s.%s; or set %s = quorum on all nodes")
              .formatted(
                  FAILOVER,
                  settings.consistency().level,
                  name,
                  FAILOVER,
                  settings.path("cassandra.consistency")));
    }
    return Optional.of(only(datacenters));
  }

  /** Where the load balancing policy sends our requests. */
  private Set<String> usedDatacenters() {
    SimpleStatement any =
        SimpleStatement.builder("SELECT data_center FROM system.local")
            .setExecutionProfileName(settings.driverProfile())
            .setConsistencyLevel(settings.consistency().level)
            .build();
    Set<String> datacenters = new TreeSet<>();
    for (Node node :
        session
            .getContext()
            .getLoadBalancingPolicy(settings.driverProfile())
            .newQueryPlan(any, session)) {
      datacenters.add(String.valueOf(node.getDatacenter()));
    }
    return datacenters;
  }

  private RuntimeException noNode() {
    String local =
        session
            .getContext()
            .getConfig()
            .getProfile(settings.driverProfile())
            .getString(DefaultDriverOption.LOAD_BALANCING_LOCAL_DATACENTER, null);
    Set<String> known =
        session.getMetadata().getNodes().values().stream()
            .map(node -> String.valueOf(node.getDatacenter()))
            .collect(Collectors.toCollection(TreeSet::new));
    return local == null || known.contains(local)
        ? new NoNodeAvailableException()
        : new IllegalStateException(
            ("there is no data centre '%s', as"
                    + " datastax-java-driver.basic.load-balancing-policy.local-datacenter says; its"
                    + " nodes are in %s. Set it to one of them")
                .formatted(local, known));
  }

  private String only(Set<String> datacenters) {
    if (datacenters.size() > 1) {
      throw new IllegalStateException(
          ("the driver would send Holdfast's requests at %s to nodes of the data centres %s, whose quorums share no"
                  + " replica. Set datastax-java-driver.basic.load-balancing-policy.local-datacenter, with a policy that"
                  + " keeps to it; or set %s = quorum on all nodes")
              .formatted(
                  settings.consistency().level,
                  datacenters,
                  settings.path("cassandra.consistency")));
    }
    return datacenters.iterator().next();
  }
}
