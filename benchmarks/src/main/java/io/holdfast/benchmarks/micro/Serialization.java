// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.micro;

import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.eventstore.protocol.StreamCommand;
import io.holdfast.eventstore.protocol.StreamProtocolSerializer;
import io.holdfast.serialization.EventData;
import io.holdfast.serialization.EventSerializer;
import io.holdfast.serialization.SerializedPayload;
import io.holdfast.serialization.TypedPayload;
import java.io.NotSerializableException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A payload as JSON, and a command as the bytes that go to another node; there and back. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Serialization {
  private final EventSerializer payloads = Payload.serializer();
  private final String type = payloads.typeOf(Payload.ORDER).orElseThrow();
  private final SerializedPayload bytes = payloads.serialize(type, Payload.ORDER);
  private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "micro");
  private final StreamProtocolSerializer commands =
      new StreamProtocolSerializer((ExtendedActorSystem) Adapter.toClassic(system));
  private final StreamCommand.Append append =
      new StreamCommand.Append(
          new EventData("7c0a8f5e-3b7e-4c38-a2bb-7c1a4c9d2f10", type, bytes, null),
          ExpectedVersion.any(),
          system.ignoreRef());
  private final String manifest = commands.manifest(append);
  private byte[] message = new byte[0];

  /** JMH makes one, with an actor system. */
  public Serialization() {}

  /** What the reading side is given. */
  @Setup
  public void serialize() {
    message = commands.toBinary(append);
  }

  /** Ends the actor system. */
  @TearDown
  public void close() {
    system.terminate();
  }

  /** At the caller's edge. */
  @Benchmark
  public SerializedPayload payloadToJson() {
    return payloads.serialize(type, Payload.ORDER);
  }

  /** At the reader's edge. */
  @Benchmark
  public List<TypedPayload> payloadFromJson() {
    return payloads.deserialize(type, bytes);
  }

  /** On its way to the stream's node. */
  @Benchmark
  public byte[] commandToBytes() {
    return commands.toBinary(append);
  }

  /** On the stream's node. */
  @Benchmark
  public Object commandFromBytes() throws NotSerializableException {
    return commands.fromBinary(message, manifest);
  }
}
