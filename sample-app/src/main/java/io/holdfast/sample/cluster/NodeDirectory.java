// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.cluster;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.ddata.DistributedData;
import org.apache.pekko.cluster.ddata.Key;
import org.apache.pekko.cluster.ddata.LWWMap;
import org.apache.pekko.cluster.ddata.LWWMapKey;
import org.apache.pekko.cluster.ddata.Replicator;
import org.apache.pekko.cluster.ddata.SelfUniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.pattern.Patterns;

/**
 * Where each node serves HTTP, and since when, by its address; spread by Pekko's Distributed Data.
 * Nodes that have left stay listed: look up members only. Thread-safe.
 */
public final class NodeDirectory {
  private static final Key<LWWMap<String, String>> KEY = LWWMapKey.create("sample-nodes");
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final ActorRef replicator;
  private final SelfUniqueAddress self;
  private final String address;

  NodeDirectory(ActorSystem<?> system) {
    DistributedData data = DistributedData.get(system.classicSystem());
    this.replicator = data.replicator();
    this.self = data.selfUniqueAddress();
    this.address = Cluster.get(system).selfMember().address().toString();
  }

  /**
   * What is known of a node.
   *
   * @param since when it began to serve
   */
  public record Entry(URI httpAddress, Instant since) {
    private String encode() {
      return since + " " + httpAddress;
    }

    private static Entry decode(String text) {
      int space = text.indexOf(' ');
      return new Entry(
          URI.create(text.substring(space + 1)), Instant.parse(text.substring(0, space)));
    }
  }

  /** Tells all nodes where this one serves HTTP. */
  void publish(URI httpAddress) {
    String entry = new Entry(httpAddress, Instant.now()).encode();
    replicator.tell(
        new Replicator.Update<>(
            KEY,
            LWWMap.<String, String>create(),
            Replicator.writeLocal(),
            map -> map.put(self, address, entry)),
        ActorRef.noSender());
  }

  /** The nodes by their addresses, as far as this node knows. */
  public CompletionStage<Map<String, Entry>> entries() {
    return Patterns.ask(replicator, new Replicator.Get<>(KEY, Replicator.readLocal()), TIMEOUT)
        .thenCompose(
            answer ->
                answer instanceof Replicator.GetSuccess<?> found
                    ? CompletableFuture.completedFuture(decode(found))
                    : CompletableFuture.completedFuture(Map.<String, Entry>of()));
  }

  private static Map<String, Entry> decode(Replicator.GetSuccess<?> found) {
    @SuppressWarnings("unchecked") // What stands under our key.
    LWWMap<String, String> map = (LWWMap<String, String>) found.dataValue();
    return map.getEntries().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> Entry.decode(entry.getValue())));
  }
}
