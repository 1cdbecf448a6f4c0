// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.holdfast.eventstore.entity.StreamEntitySettings;
import io.holdfast.eventstore.entity.StreamState;
import io.holdfast.eventstore.entity.Streams;
import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.eventstore.protocol.StreamChange;
import io.holdfast.eventstore.protocol.StreamMetadata;
import io.holdfast.eventstore.protocol.StreamReply;
import io.holdfast.serialization.EventData;
import io.holdfast.serialization.SerializedPayload;
import io.holdfast.test.Patience;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The first request of each change stays under way and gets no answer; it arrives when the change
 * was repeated and acknowledged, and the stream appended to.
 */
class LateChangesTest {
  private final StreamEntitySettings settings = StreamEntitySettings.of(ConfigFactory.load());
  private final StreamState stream = StreamState.empty(settings);
  private final List<Runnable> late = new ArrayList<>();
  private Runnable meanwhile = () -> {};

  /** If set, the first request arrives, and this follows; its answer is lost all the same. */
  private @Nullable Runnable afterFirst;

  private final EventStore store =
      EventStoreBuilder.over(settings, clock -> new Stream().proxy()).start();

  private final class Stream {
    Streams proxy() {
      return (Streams)
          Proxy.newProxyInstance(
              LateChangesTest.class.getClassLoader(),
              new Class<?>[] {Streams.class},
              (streams, method, arguments) ->
                  switch (method.getName()) {
                    case "hasEnded" -> false;
                    case "info" -> CompletableFuture.completedFuture(stream.info());
                    case "change" ->
                        change((StreamChange) arguments[1], (ExpectedVersion) arguments[2]);
                    default -> throw new UnsupportedOperationException(method.getName());
                  });
    }

    private CompletionStage<StreamReply.ToChange> change(
        StreamChange change, ExpectedVersion expected) {
      meanwhile.run();
      meanwhile = () -> {};
      if (late.isEmpty()) {
        late.add(() -> apply(change, expected));
        if (afterFirst != null) {
          apply(change, expected);
          afterFirst.run();
        }
        return CompletableFuture.failedFuture(new TimeoutException("of Pekko"));
      }
      return CompletableFuture.completedFuture(apply(change, expected));
    }

    private StreamReply.ToChange apply(StreamChange change, ExpectedVersion expected) {
      return stream
          .refuseChange(change, expected)
          .orElseGet(
              () -> {
                stream.change(stream.effectOf(change));
                return stream.info();
              });
    }
  }

  private void append(String id) {
    stream.append(
        List.of(
            new EventData(
                id, "Told", SerializedPayload.json(1, ByteString.fromString("{}")), null)),
        false,
        0);
  }

  static List<Function<EventStore, CompletionStage<StreamInfo>>> deletions() {
    return List.of(
        store -> store.deleteStream("s"),
        store -> store.deleteStream("s", ExpectedVersion.streamExists()),
        store -> store.deleteStream("s", ExpectedVersion.exactly(2)),
        store -> store.truncateStream("s", 3),
        store -> store.truncateStream("s", 100));
  }

  @ParameterizedTest
  @MethodSource("deletions")
  void deleteNothingThatWasAppendedSince(Function<EventStore, CompletionStage<StreamInfo>> deletion)
      throws Exception {
    append("a");
    append("b");

    StreamInfo info = Patience.get(deletion.apply(store));
    assertThat(info.version()).isEqualTo(2);
    assertThat(info.firstVersion()).isEqualTo(3);
    append("c");
    late.forEach(Runnable::run);

    assertThat(stream.version()).isEqualTo(3);
    assertThat(stream.deletedTo()).isEqualTo(2);
  }

  @Test
  void deleteWhatWasThereWhereOthersAppendDuringTheCall() throws Exception {
    append("a");
    meanwhile = () -> append("b");

    assertThat(Patience.get(store.deleteStream("s")).version()).isEqualTo(2);
    assertThat(stream.deletedTo()).isEqualTo(1);
  }

  /** The first request is answered by nobody, but has deleted; then another client appends. */
  @Test
  void haveTakenPlaceAlthoughTheRepetitionConflicts() throws Exception {
    append("a");
    afterFirst = () -> append("b");

    StreamInfo info = Patience.get(store.deleteStream("s", ExpectedVersion.exactly(1)));
    assertThat(info.firstVersion()).isEqualTo(2);
    assertThat(stream.version()).isEqualTo(2);
  }

  @Test
  void areRefusedWhereNoStreamExists() {
    assertThatThrownBy(() -> Patience.get(store.deleteStream("s", ExpectedVersion.streamExists())))
        .hasCauseInstanceOf(ConcurrencyException.class);
  }

  private static StreamMetadata keeping(int count) {
    return StreamMetadata.none().withMaxCount(count);
  }

  private void setByOthers(StreamMetadata metadata) {
    stream.change(stream.effectOf(new StreamChange.SetMetadata(metadata, OptionalLong.empty())));
  }

  @Test
  void bringNoMetadataBackThatWasReplacedSince() throws Exception {
    append("a");
    append("b");

    assertThat(Patience.get(store.setStreamMetadata("s", keeping(1))).metadata())
        .isEqualTo(keeping(1));
    assertThat(Patience.get(store.setStreamMetadata("s", keeping(9))).metadata())
        .isEqualTo(keeping(9));
    append("c");
    late.forEach(Runnable::run);

    assertThat(stream.metadata()).isEqualTo(keeping(9));
    assertThat(stream.deletedTo()).isEqualTo(1);
  }

  @Test
  void setMetadataOnceThoughTheAnswerWasLost() throws Exception {
    afterFirst = () -> {};

    StreamInfo info = Patience.get(store.setStreamMetadata("s", keeping(1)));
    assertThat(info.metadata()).isEqualTo(keeping(1));
    assertThat(stream.info().metadataRevision()).isEqualTo(1);
  }

  /** Only one of them can have followed the revision that was there. */
  @Test
  void setMetadataAfterOthersHave() throws Exception {
    meanwhile = () -> setByOthers(keeping(5));

    assertThat(Patience.get(store.setStreamMetadata("s", keeping(1))).metadata())
        .isEqualTo(keeping(1));
    assertThat(stream.metadata()).isEqualTo(keeping(1));
  }

  @Test
  void areUnknownIfOthersMayHaveReplacedTheMetadata() {
    afterFirst = () -> setByOthers(keeping(5));

    assertThatThrownBy(() -> Patience.get(store.setStreamMetadata("s", keeping(1))))
        .hasCauseInstanceOf(UnknownOutcomeException.class);
    assertThat(stream.metadata()).isEqualTo(keeping(5));
  }
}
