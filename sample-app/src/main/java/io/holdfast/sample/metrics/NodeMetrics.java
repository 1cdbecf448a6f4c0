// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.metrics;

import io.holdfast.metrics.HoldfastMetrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.logging.LogbackMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * The meters of one node: Holdfast's own, the cluster as this node sees it, the JVM and the log.
 * They end with its actor system. Thread-safe.
 */
public final class NodeMetrics {
  /** The media type of {@link #scrape()}. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** The timers whose percentiles the dashboard shows; each bucket is a time series a node. */
  private static final Set<String> WITH_BUCKETS =
      Set.of(
          "holdfast.eventstore.appends",
          "holdfast.journal.writes",
          "holdfast.journal.recoveries",
          "holdfast.fence.reads");

  private static final double[] BUCKET_NANOS =
      Arrays.stream(new long[] {1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000})
          .mapToDouble(millis -> Duration.ofMillis(millis).toNanos())
          .toArray();

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
  private final LogbackMetrics log = new LogbackMetrics();

  private NodeMetrics() {}

  /** Measures from now on. */
  public static NodeMetrics start(ActorSystem<?> system) {
    NodeMetrics metrics = new NodeMetrics();
    metrics.registry.config().meterFilter(new Buckets());
    HoldfastMetrics.get(system).bindTo(metrics.registry);
    metrics.bindCluster(system);
    new JvmMemoryMetrics().bindTo(metrics.registry);
    new JvmThreadMetrics().bindTo(metrics.registry);
    new ProcessorMetrics().bindTo(metrics.registry);
    new FileDescriptorMetrics().bindTo(metrics.registry);
    new UptimeMetrics().bindTo(metrics.registry);
    metrics.garbageCollection.bindTo(metrics.registry);
    metrics.log.bindTo(metrics.registry);
    system.getWhenTerminated().whenComplete((done, failure) -> metrics.close());
    return metrics;
  }

  private void bindCluster(ActorSystem<?> system) {
    Cluster cluster = Cluster.get(system);
    Gauge.builder("pekko.cluster.members.up", cluster, all -> membersUp(all.state()))
        .description("Members of the cluster that are up, as this node sees it")
        .register(registry);
    Gauge.builder(
            "pekko.cluster.members.unreachable", cluster, all -> all.state().unreachable().size())
        .description("Members of the cluster that do not answer, as this node sees it")
        .register(registry);
  }

  private static long membersUp(CurrentClusterState state) {
    long up = 0;
    for (var member : state.getMembers()) {
      if (member.status().equals(MemberStatus.up())) {
        up++;
      }
    }
    return up;
  }

  /** Where the application registers its own meters. */
  public MeterRegistry registry() {
    return registry;
  }

  /** All meters in Prometheus's text format. */
  public String scrape() {
    return registry.scrape();
  }

  private void close() {
    garbageCollection.close();
    log.close();
    registry.close();
  }

  private static final class Buckets implements MeterFilter {
    @Override
    public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
      if (!WITH_BUCKETS.contains(id.getName())) {
        return config;
      }
      return DistributionStatisticConfig.builder()
          .serviceLevelObjectives(BUCKET_NANOS)
          .build()
          .merge(config);
    }
  }
}
