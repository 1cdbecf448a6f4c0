// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.cluster;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.MemberStatus;

/**
 * Whether this node is a member that takes part: for {@code /ready}. Public because Pekko Management
 * creates it by name; configure it, do not call it.
 */
public final class MembershipCheck implements Supplier<CompletionStage<Boolean>> {
  private final Cluster cluster;

  public MembershipCheck(ActorSystem system) {
    this.cluster = Cluster.get(system);
  }

  @Override
  public CompletionStage<Boolean> get() {
    MemberStatus status = cluster.selfMember().status();
    return CompletableFuture.completedFuture(
        status.equals(MemberStatus.up()) || status.equals(MemberStatus.weaklyUp()));
  }
}
