// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.serialization.JsonEventSerializer;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;

/** Holdfast's event store: its Java API, over sharded streams of a cluster in this JVM. */
final class EventStoreSubject implements Subject {
  /** As JSON, as large as the events of the persistent actors. */
  record Written(String text) {
    static final Written VALUE =
        new Written("x".repeat(EventWriter.EVENT_BYTES - "{\"text\":\"\"}".length()));
  }

  private final WriterSystem node;
  private final List<Long> servers;
  private final EventStore store;
  private final Map<Load.Append, StreamChooser> choosers = new HashMap<>();

  private EventStoreSubject(WriterSystem node, List<Long> servers) {
    this.node = node;
    this.servers = servers;
    store =
        EventStore.builder(node.system())
            .serializer(JsonEventSerializer.builder().register(Written.class).build())
            .start();
  }

  static EventStoreSubject start(Contact cassandra, String keyspace) {
    WriterSystem node =
        HoldfastNode.start(
            cassandra,
            keyspace,
            """
            pekko {
              actor.provider = cluster
              remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
              cluster.downing-provider-class = "org.apache.pekko.cluster.sbr.SplitBrainResolverProvider"
            }
            """);
    Cluster cluster = Cluster.get(node.system());
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    return new EventStoreSubject(node, cassandra.processes());
  }

  @Override
  public Figures measure(Load load, Duration window) throws Exception {
    if (!(load instanceof Load.Append append)) {
      throw Subject.cannot(this, load);
    }
    StreamChooser chooser = choosers.computeIfAbsent(append, StreamChooser::of);
    String prefix =
        "%s-%d-%d-%d-"
            .formatted(append.choice(), append.streams(), append.inFlight(), append.events());
    return Figures.of(
        ClosedLoop.measure(
            append.inFlight(),
            new Measurement.Recorder(window, servers),
            place -> append(prefix + chooser.next(place), append.events())),
        append.events());
  }

  private CompletionStage<?> append(String stream, int events) {
    return events == 1
        ? store.append(AppendEventInput.of(stream, NewEvent.of(Written.VALUE)))
        : store.appendBatch(
            AppendBatchInput.of(stream, Collections.nCopies(events, NewEvent.of(Written.VALUE))));
  }

  @Override
  public void close() {
    node.close();
  }
}
