// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.holdfast.eventstore.protocol.StreamCommand.Append;
import io.holdfast.eventstore.protocol.StreamCommand.AppendBatch;
import io.holdfast.eventstore.protocol.StreamCommand.Change;
import io.holdfast.eventstore.protocol.StreamCommand.Exists;
import io.holdfast.eventstore.protocol.StreamCommand.GetInfo;
import io.holdfast.eventstore.protocol.StreamCommand.GetVersion;
import io.holdfast.eventstore.protocol.StreamCommand.Read;
import io.holdfast.eventstore.protocol.StreamReply.AlreadyAppended;
import io.holdfast.eventstore.protocol.StreamReply.Appended;
import io.holdfast.eventstore.protocol.StreamReply.Closed;
import io.holdfast.eventstore.protocol.StreamReply.Conflict;
import io.holdfast.eventstore.protocol.StreamReply.Existence;
import io.holdfast.eventstore.protocol.StreamReply.Info;
import io.holdfast.eventstore.protocol.StreamReply.Overloaded;
import io.holdfast.eventstore.protocol.StreamReply.Page;
import io.holdfast.eventstore.protocol.StreamReply.Rejected;
import io.holdfast.eventstore.protocol.StreamReply.Unavailable;
import io.holdfast.eventstore.protocol.StreamReply.Unknown;
import io.holdfast.eventstore.protocol.StreamReply.Version;
import io.holdfast.serialization.EventData;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * The wire format of {@link StreamMessage}s. Public because Pekko creates it by name.
 *
 * <p>The manifest is a letter for the message, upper case for commands, and the version of its
 * body; the body is CBOR (RFC 8949) with the fields of {@link WireFormat}. A change that an older
 * node could misread takes a new version, sent only when no older node is left; versions once sent
 * stay readable. Bytes of every version stand in the tests.
 */
public final class StreamProtocolSerializer extends SerializerWithStringManifest {
  private static final ObjectMapper CBOR =
      CBORMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .build();

  private final int identifier;
  private final ActorRefResolver refs;

  public StreamProtocolSerializer(ExtendedActorSystem system) {
    this.identifier =
        system
            .settings()
            .config()
            .getInt("pekko.actor.serialization-identifiers.\"" + getClass().getName() + "\"");
    this.refs = ActorRefResolver.get(Adapter.toTyped(system));
  }

  @Override
  public int identifier() {
    return identifier;
  }

  @Override
  public String manifest(Object message) {
    if (message instanceof StreamCommand command) {
      return manifest(command);
    }
    return manifest((StreamReply) message);
  }

  private static String manifest(StreamCommand command) {
    if (command instanceof Append) {
      return "A1";
    } else if (command instanceof AppendBatch) {
      return "B1";
    } else if (command instanceof Read) {
      return "R1";
    } else if (command instanceof GetVersion) {
      return "V1";
    } else if (command instanceof Exists) {
      return "E1";
    } else if (command instanceof Change) {
      return "C1";
    } else if (command instanceof GetInfo) {
      return "I1";
    }
    throw new IllegalArgumentException(command + " is never sent to another node");
  }

  private static String manifest(StreamReply reply) {
    if (reply instanceof Appended) {
      return "a1";
    } else if (reply instanceof Conflict) {
      return "c1";
    } else if (reply instanceof Rejected) {
      return "r1";
    } else if (reply instanceof Overloaded) {
      return "o1";
    } else if (reply instanceof Unavailable) {
      return "u1";
    } else if (reply instanceof Unknown) {
      return "x1";
    } else if (reply instanceof Version) {
      return "v1";
    } else if (reply instanceof Existence) {
      return "e1";
    } else if (reply instanceof AlreadyAppended) {
      return "d1";
    } else if (reply instanceof Closed) {
      return "f1";
    } else if (reply instanceof Info) {
      return "i1";
    }
    return "p1";
  }

  @Override
  public byte[] toBinary(Object message) {
    Object body =
        message instanceof StreamCommand command ? body(command) : body((StreamReply) message);
    try {
      return CBOR.writeValueAsBytes(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Object body(StreamCommand command) {
    if (command instanceof Append append) {
      return append(
          List.of(append.event()), append.expectedVersion(), append.idsDrawnAt(), append.replyTo());
    } else if (command instanceof AppendBatch batch) {
      return append(batch.events(), batch.expectedVersion(), batch.idsDrawnAt(), batch.replyTo());
    } else if (command instanceof Read read) {
      return new WireFormat.Read(
          read.fromVersion(),
          read.toVersion(),
          read.limit(),
          read.reverse(),
          path(read.replyTo()),
          WireFormat.nullable(read.consistency()));
    } else if (command instanceof GetVersion ask) {
      return ask(ask.replyTo(), ask.consistency());
    } else if (command instanceof GetInfo ask) {
      return ask(ask.replyTo(), ask.consistency());
    } else if (command instanceof Change change) {
      return WireFormat.Change.of(
          change.change(), change.expectedVersion(), path(change.replyTo()));
    }
    Exists ask = (Exists) command;
    return ask(ask.replyTo(), ask.consistency());
  }

  private WireFormat.Ask ask(ActorRef<?> replyTo, ReadConsistency consistency) {
    return new WireFormat.Ask(path(replyTo), WireFormat.nullable(consistency));
  }

  private WireFormat.Append append(
      List<EventData> events,
      ExpectedVersion expectedVersion,
      OptionalLong idsDrawnAt,
      ActorRef<?> replyTo) {
    return new WireFormat.Append(
        events.stream().map(WireFormat.Event::of).toList(),
        WireFormat.nullable(expectedVersion),
        path(replyTo),
        WireFormat.nullable(idsDrawnAt));
  }

  private static Object body(StreamReply reply) {
    if (reply instanceof Appended appended) {
      return new WireFormat.Appended(appended.currentVersion(), appended.timestampMillis());
    } else if (reply instanceof Conflict conflict) {
      return new WireFormat.Conflict(
          WireFormat.nullable(conflict.expectedVersion()),
          conflict.actualVersion(),
          conflict.reason());
    } else if (reply instanceof Rejected rejected) {
      return new WireFormat.Reason(rejected.reason());
    } else if (reply instanceof Overloaded overloaded) {
      return new WireFormat.Reason(overloaded.reason());
    } else if (reply instanceof Unavailable unavailable) {
      return new WireFormat.Reason(unavailable.reason());
    } else if (reply instanceof Unknown unknown) {
      return new WireFormat.Reason(unknown.reason());
    } else if (reply instanceof Version version) {
      return new WireFormat.Version(version.version());
    } else if (reply instanceof Existence existence) {
      return new WireFormat.Existence(existence.exists());
    } else if (reply instanceof AlreadyAppended already) {
      return new WireFormat.AlreadyAppended(
          already.events().stream().map(WireFormat.EventAt::of).toList());
    } else if (reply instanceof Closed) {
      return Map.of();
    } else if (reply instanceof Info info) {
      return WireFormat.Info.of(info);
    }
    Page page = (Page) reply;
    return new WireFormat.Page(
        page.events().stream().map(WireFormat.EventAt::of).toList(),
        WireFormat.nullable(page.continueFrom()),
        page.currentVersion());
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    try {
      return switch (manifest) {
        case "A1" -> {
          WireFormat.Append body = read(bytes, WireFormat.Append.class);
          yield new Append(
              body.events().get(0).data(),
              WireFormat.expected(body.expected()),
              body.idsDrawnAt(),
              ref(body.replyTo()));
        }
        case "B1" -> {
          WireFormat.Append body = read(bytes, WireFormat.Append.class);
          yield new AppendBatch(
              body.events().stream().map(WireFormat.Event::data).toList(),
              WireFormat.expected(body.expected()),
              body.idsDrawnAt(),
              ref(body.replyTo()));
        }
        case "R1" -> {
          WireFormat.Read body = read(bytes, WireFormat.Read.class);
          yield new Read(
              body.from(),
              body.to(),
              body.limit(),
              body.reverse(),
              WireFormat.consistency(body.consistency()),
              ref(body.replyTo()));
        }
        case "V1" -> {
          WireFormat.Ask body = read(bytes, WireFormat.Ask.class);
          yield new GetVersion(WireFormat.consistency(body.consistency()), ref(body.replyTo()));
        }
        case "E1" -> {
          WireFormat.Ask body = read(bytes, WireFormat.Ask.class);
          yield new Exists(WireFormat.consistency(body.consistency()), ref(body.replyTo()));
        }
        case "I1" -> {
          WireFormat.Ask body = read(bytes, WireFormat.Ask.class);
          yield new GetInfo(WireFormat.consistency(body.consistency()), ref(body.replyTo()));
        }
        case "C1" -> {
          WireFormat.Change body = read(bytes, WireFormat.Change.class);
          yield new Change(
              body.toChange(), WireFormat.expected(body.expected()), ref(body.replyTo()));
        }
        case "a1" -> {
          WireFormat.Appended body = read(bytes, WireFormat.Appended.class);
          yield new Appended(body.version(), body.timestamp());
        }
        case "c1" -> {
          WireFormat.Conflict body = read(bytes, WireFormat.Conflict.class);
          yield new Conflict(WireFormat.expected(body.expected()), body.actual(), body.reason());
        }
        case "r1" -> new Rejected(reason(bytes));
        case "o1" -> new Overloaded(reason(bytes));
        case "u1" -> new Unavailable(reason(bytes));
        case "x1" -> new Unknown(reason(bytes));
        case "v1" -> new Version(read(bytes, WireFormat.Version.class).version());
        case "e1" -> new Existence(read(bytes, WireFormat.Existence.class).exists());
        case "d1" ->
            new AlreadyAppended(
                read(bytes, WireFormat.AlreadyAppended.class).events().stream()
                    .map(WireFormat.EventAt::at)
                    .toList());
        case "f1" -> new Closed();
        case "i1" -> read(bytes, WireFormat.Info.class).info();
        case "p1" -> {
          WireFormat.Page body = read(bytes, WireFormat.Page.class);
          yield new Page(
              body.events().stream().map(WireFormat.EventAt::at).toList(),
              body.continueFrom(),
              body.version());
        }
        default ->
            throw new NotSerializableException(
                "message '%s' of the stream protocol is not known here: it comes from a newer version of Holdfast"
                    .formatted(manifest));
      };
    } catch (NotSerializableException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "message '%s' of the stream protocol cannot be read".formatted(manifest), e);
    }
  }

  private static String reason(byte[] bytes) throws IOException {
    return read(bytes, WireFormat.Reason.class).reason();
  }

  private static <T> T read(byte[] bytes, Class<T> type) throws IOException {
    return CBOR.readValue(bytes, type);
  }

  private String path(ActorRef<?> ref) {
    return refs.toSerializationFormat(ref);
  }

  private <T> ActorRef<T> ref(String path) {
    return refs.resolveActorRef(path);
  }
}
