// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import com.typesafe.config.Config;
import org.apache.pekko.actor.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether a cluster has a strategy for network partitions. */
final class DowningCheck {
  private static final Logger LOG = LoggerFactory.getLogger(DowningCheck.class);
  private static final String PROVIDER = "pekko.cluster.downing-provider-class";
  private static final String NONE = "org.apache.pekko.cluster.NoDowning";

  private DowningCheck() {}

  static void warnIfMissing(ActorSystem system) {
    if (isMissing(system.settings().config())) {
      LOG.warn(
          "This cluster has no downing provider ({} is not set): after a network partition or a crash, actors of the lost"
              + " nodes are not started elsewhere until somebody downs those nodes by hand, and both sides of a partition"
              + " go on with actors of their own, which then take their streams from each other. Set it to"
              + " org.apache.pekko.cluster.sbr.SplitBrainResolverProvider",
          PROVIDER);
    }
  }

  static boolean isMissing(Config config) {
    String actors = config.getString("pekko.actor.provider");
    boolean isCluster = actors.equals("cluster") || actors.endsWith("ClusterActorRefProvider");
    String provider = config.hasPath(PROVIDER) ? config.getString(PROVIDER).trim() : "";
    return isCluster && (provider.isEmpty() || provider.equals(NONE));
  }
}
