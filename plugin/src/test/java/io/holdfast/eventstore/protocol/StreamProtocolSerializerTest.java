// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.protocol;

import static io.holdfast.eventstore.protocol.ReadConsistency.LINEARIZABLE;
import static io.holdfast.eventstore.protocol.ReadConsistency.OWNER;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.typesafe.config.ConfigFactory;
import io.holdfast.serialization.EventData;
import io.holdfast.serialization.RecordedEvent;
import io.holdfast.serialization.SerializedPayload;
import io.holdfast.test.Patience;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializers;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the wire format to the bytes in {@code stream-protocol.txt}. These bytes are on their way
 * between the nodes of running clusters: a failure here is repaired in the code, or with a new
 * version of the message, never in the file.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamProtocolSerializerTest {
  /** A message as it stands in the file; the body in hex. */
  private record Written(String manifest, String hex) {
    byte[] bytes() {
      return HexFormat.of().parseHex(hex);
    }
  }

  private static final OptionalLong DRAWN = OptionalLong.of(1_767_355_200_123L);
  private static final ObjectMapper CBOR = new CBORMapper();

  private final Map<String, Written> golden = new LinkedHashMap<>();
  private ActorSystem<Void> system;
  private StreamProtocolSerializer serializer;

  @BeforeAll
  void start() throws IOException {
    system = ActorSystem.create(Behaviors.empty(), "protocol", ConfigFactory.load());
    serializer = new StreamProtocolSerializer((ExtendedActorSystem) Adapter.toClassic(system));
    try (InputStream file = getClass().getResourceAsStream("stream-protocol.txt")) {
      String text = new String(Objects.requireNonNull(file).readAllBytes(), UTF_8);
      text.lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.split(" "))
          .forEach(line -> golden.put(line[0], new Written(line[1], line[2])));
    }
  }

  @AfterAll
  void stop() throws Exception {
    system.terminate();
    Patience.get(system.getWhenTerminated());
  }

  private <T> ActorRef<T> client() {
    return ActorRefResolver.get(system).resolveActorRef("pekko://protocol/user/client");
  }

  private Map<String, StreamMessage> messages() {
    EventData json =
        new EventData(
            "id-1",
            "OrderPlaced",
            new SerializedPayload("application/json", ByteString.fromString("{\"book\":\"Ä📚\"}")),
            "{\"userId\":\"u\"}");
    EventData binary =
        new EventData(
            "id-2",
            "Scanned",
            new SerializedPayload(
                "image/png", ByteString.fromArrayUnsafe(new byte[] {0, -1, 127, -128})),
            null);
    Map<String, StreamMessage> messages = new LinkedHashMap<>();
    messages.put("append", new StreamCommand.Append(json, ExpectedVersion.exactly(41), client()));
    messages.put(
        "append-to-any-version", new StreamCommand.Append(binary, ExpectedVersion.any(), client()));
    messages.put(
        "append-batch",
        new StreamCommand.AppendBatch(List.of(json, binary), ExpectedVersion.exactly(0), client()));
    messages.put(
        "append-empty-batch",
        new StreamCommand.AppendBatch(List.of(), ExpectedVersion.any(), client()));
    messages.put(
        "read", new StreamCommand.Read(1, Long.MAX_VALUE, 100, false, LINEARIZABLE, client()));
    messages.put(
        "read-backwards", new StreamCommand.Read(24, 65_536, 23, true, LINEARIZABLE, client()));
    messages.put("read-of-owner", new StreamCommand.Read(1, 2, 3, false, OWNER, client()));
    messages.put("get-version", new StreamCommand.GetVersion(LINEARIZABLE, client()));
    messages.put("get-version-of-owner", new StreamCommand.GetVersion(OWNER, client()));
    messages.put("exists", new StreamCommand.Exists(LINEARIZABLE, client()));
    messages.put("exists-of-owner", new StreamCommand.Exists(OWNER, client()));
    messages.put("appended", new StreamReply.Appended(42, 1_767_355_200_123L));
    messages.put(
        "conflict", new StreamReply.Conflict(ExpectedVersion.exactly(0), 4_294_967_296L, null));
    messages.put("rejected", new StreamReply.Rejected("too large"));
    messages.put("overloaded", new StreamReply.Overloaded("1,000 appends wait"));
    messages.put("unavailable", new StreamReply.Unavailable("Cassandra is away"));
    messages.put("unknown", new StreamReply.Unknown("no answer – ü"));
    messages.put("version", new StreamReply.Version(255));
    messages.put("existence", new StreamReply.Existence(true));
    messages.put("no-existence", new StreamReply.Existence(false));
    messages.put(
        "page",
        new StreamReply.Page(
            List.of(
                new StreamReply.EventAt(7, new RecordedEvent(json, 1_767_355_200_123L)),
                new StreamReply.EventAt(8, new RecordedEvent(binary, -1))),
            OptionalLong.of(9),
            10));
    messages.put(
        "append-fresh",
        new StreamCommand.Append(json, ExpectedVersion.noStream(), DRAWN, client()));
    messages.put(
        "append-batch-to-stream",
        new StreamCommand.AppendBatch(
            List.of(json), ExpectedVersion.streamExists(), DRAWN, client()));
    messages.put("truncate", change(new StreamChange.Truncate(7), ExpectedVersion.any()));
    messages.put("delete", change(new StreamChange.Delete(), ExpectedVersion.exactly(9)));
    messages.put("close", change(new StreamChange.Close(), ExpectedVersion.streamExists()));
    StreamMetadata metadata =
        StreamMetadata.none().withMaxCount(100).withMaxAge(Duration.ofDays(30));
    messages.put(
        "set-metadata",
        change(
            new StreamChange.SetMetadata(metadata, OptionalLong.empty()), ExpectedVersion.any()));
    messages.put(
        "set-no-metadata",
        change(
            new StreamChange.SetMetadata(StreamMetadata.none(), OptionalLong.empty()),
            ExpectedVersion.noStream()));
    messages.put("get-info", new StreamCommand.GetInfo(LINEARIZABLE, client()));
    messages.put("info", new StreamReply.Info(9, 3, true, metadata, 0));
    messages.put("info-of-new", new StreamReply.Info(0, 0, false, StreamMetadata.none(), 0));
    messages.put(
        "set-metadata-at-revision",
        change(new StreamChange.SetMetadata(metadata, OptionalLong.of(0)), ExpectedVersion.any()));
    messages.put("info-with-revision", new StreamReply.Info(9, 3, true, metadata, 4));
    messages.put("closed", new StreamReply.Closed());
    messages.put(
        "already-appended",
        new StreamReply.AlreadyAppended(
            List.of(new StreamReply.EventAt(7, new RecordedEvent(json, 1_767_355_200_123L)))));
    messages.put(
        "conflict-of-ids",
        new StreamReply.Conflict(ExpectedVersion.any(), 12, "event id 'a' stands at version 3"));
    messages.put("conflict-of-new", new StreamReply.Conflict(ExpectedVersion.noStream(), 12, null));
    messages.put("last-page", new StreamReply.Page(List.of(), OptionalLong.empty(), 0));
    return messages;
  }

  Stream<String> names() {
    return messages().keySet().stream();
  }

  private StreamCommand change(StreamChange change, ExpectedVersion expectedVersion) {
    return new StreamCommand.Change(change, expectedVersion, client());
  }

  private StreamMessage message(String name) {
    return Objects.requireNonNull(messages().get(name));
  }

  private Written written(String name) {
    Written written = golden.get(name);
    assertThat(written)
        .as(
            "'%s' has no bytes in the file; they are: %s %s %s",
            name,
            name,
            serializer.manifest(message(name)),
            HexFormat.of().formatHex(serializer.toBinary(message(name))))
        .isNotNull();
    return Objects.requireNonNull(written);
  }

  @ParameterizedTest
  @MethodSource("names")
  void readsTheBytesOnFile(String name) throws Exception {
    Written written = written(name);
    assertThat(serializer.fromBinary(written.bytes(), written.manifest())).isEqualTo(message(name));
  }

  @ParameterizedTest
  @MethodSource("names")
  void writesTheBytesOnFile(String name) {
    Written written = written(name);
    assertThat(serializer.manifest(message(name))).isEqualTo(written.manifest());
    assertThat(HexFormat.of().formatHex(serializer.toBinary(message(name))))
        .isEqualTo(written.hex());
  }

  @ParameterizedTest
  @MethodSource("names")
  void ignoresFieldsThatItDoesNotKnow(String name) throws Exception {
    Written written = written(name);
    ObjectNode body = (ObjectNode) CBOR.readTree(written.bytes());
    body.put("added", "later").putObject("nested").put("as", "well");
    body.path("events").forEach(event -> ((ObjectNode) event).put("added", 1));
    assertThat(serializer.fromBinary(CBOR.writeValueAsBytes(body), written.manifest()))
        .isEqualTo(message(name));
  }

  @Test
  void keepsContentTypesWithParameters() throws Exception {
    for (String contentType :
        List.of(
            "application/json; schema=2",
            "application/vnd.holdfast.aes-gcm; key=\"ключ \\\"1\\\"\"; content=\"application/json; schema=2\"")) {
      EventData event =
          new EventData(
              "id",
              "Placed",
              new SerializedPayload(contentType, ByteString.fromString("{}")),
              null);
      StreamMessage append = new StreamCommand.Append(event, ExpectedVersion.any(), client());
      assertThat(serializer.fromBinary(serializer.toBinary(append), serializer.manifest(append)))
          .isEqualTo(append);
    }
  }

  @Test
  void coversEveryMessage() {
    TreeSet<String> covered = new TreeSet<>();
    messages().values().forEach(message -> covered.add(message.getClass().getSimpleName()));
    TreeSet<String> all = new TreeSet<>();
    for (Class<?> declared : StreamCommand.class.getDeclaredClasses()) {
      all.add(declared.getSimpleName());
    }
    for (Class<?> declared : StreamReply.class.getDeclaredClasses()) {
      if (!declared.isInterface()) {
        all.add(declared.getSimpleName());
      }
    }
    all.remove("Stop"); // stays on its node
    all.remove("EventAt"); // part of a page
    assertThat(covered).isEqualTo(all);
    assertThat(golden.keySet()).isEqualTo(messages().keySet());
  }

  @Test
  void isBoundToAllMessagesUnderItsOwnId() {
    Serialization serialization = SerializationExtension.get(system);
    for (StreamMessage message : messages().values()) {
      assertThat(serialization.findSerializerFor(message))
          .isInstanceOf(StreamProtocolSerializer.class);
      byte[] bytes = serialization.serialize(message).get();
      String manifest = Serializers.manifestFor(serialization.findSerializerFor(message), message);
      assertThat(serialization.deserialize(bytes, 774_600_201, manifest).get()).isEqualTo(message);
    }
  }

  @Test
  void refusesMessagesOfANewerVersion() {
    for (String manifest : List.of("A2", "z1", "")) {
      assertThatExceptionOfType(NotSerializableException.class)
          .isThrownBy(() -> serializer.fromBinary(new byte[] {(byte) 0xA0}, manifest))
          .withMessageContaining("'" + manifest + "'")
          .withMessageContaining("newer version");
    }
  }

  @Test
  void refusesBytesThatAreNoMessage() {
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> serializer.fromBinary(new byte[] {1, 2, 3}, "v1"))
        .withMessageContaining("'v1'");
  }

  @Test
  void neverSendsTheStopMessage() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> serializer.manifest(StreamCommand.Stop.INSTANCE));
  }
}
