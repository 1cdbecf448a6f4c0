// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.eventstore.protocol.StreamReply;
import io.holdfast.serialization.EventData;
import io.holdfast.serialization.SerializedPayload;
import io.holdfast.test.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.util.ByteString;

/** Makes appends for tests, and collects what they are answered. */
final class Answers {
  private record Answer(String name, StreamReply.ToAppend reply) {}

  private final ActorSystem<Answer> system;
  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

  Answers() {
    system =
        ActorSystem.create(
            Behaviors.<Answer>receiveMessage(
                answer -> {
                  received.add(answer.name() + " " + text(answer.reply()));
                  return Behaviors.same();
                }),
            "answers",
            ConfigFactory.load());
  }

  /** An append of some events, each of 200 bytes; its answers carry the name. */
  PendingAppend append(String name, int events, ExpectedVersion expectedVersion) {
    return append(name, events, expectedVersion, OptionalLong.of(System.currentTimeMillis()));
  }

  /** One with ids that may be stored already. */
  PendingAppend appendWithOwnIds(String name, int events) {
    return append(name, events, ExpectedVersion.any(), OptionalLong.empty());
  }

  /** One whose ids were drawn an hour ago. */
  PendingAppend appendThatWaited(String name, int events) {
    long drawnAt = System.currentTimeMillis() - Duration.ofHours(1).toMillis();
    return append(name, events, ExpectedVersion.any(), OptionalLong.of(drawnAt));
  }

  private PendingAppend append(
      String name, int events, ExpectedVersion expectedVersion, OptionalLong idsDrawnAt) {
    ActorRef<StreamReply.ToAppend> replyTo =
        system.systemActorOf(
            Behaviors.receiveMessage(
                reply -> {
                  system.tell(new Answer(name, reply));
                  return Behaviors.same();
                }),
            name,
            org.apache.pekko.actor.typed.Props.empty());
    List<EventData> data = new ArrayList<>();
    for (int i = 1; i <= events; i++) {
      data.add(event(name + "-" + i));
    }
    return PendingAppend.of(data, expectedVersion, idsDrawnAt, replyTo);
  }

  PendingAppend append(String name, int events) {
    return append(name, events, ExpectedVersion.any());
  }

  PendingAppend append(String name, int events, long expectedVersion) {
    return append(name, events, ExpectedVersion.exactly(expectedVersion));
  }

  /** An event of 200 bytes, as limits count. */
  static EventData event(String id) {
    int rest = 200 - 128 - id.length() - "type".length() - "x".length();
    SerializedPayload payload =
        new SerializedPayload("x", ByteString.fromArrayUnsafe(new byte[rest]));
    EventData event = new EventData(id, "type", payload, null);
    assertThat(event.sizeInBytes()).isEqualTo(200);
    return event;
  }

  /** The next answers, of so many appends, in order of their names. */
  List<String> next(int count) throws InterruptedException {
    List<String> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      answers.add(Patience.take(received));
    }
    answers.sort(null);
    assertThat(received).isEmpty();
    return answers;
  }

  private static String text(StreamReply.ToAppend reply) {
    if (reply instanceof StreamReply.Appended appended) {
      return "appended " + appended.currentVersion() + " at " + appended.timestampMillis();
    } else if (reply instanceof StreamReply.Conflict conflict) {
      return "conflict " + expected(conflict) + "/" + conflict.actualVersion();
    }
    return reply.getClass().getSimpleName();
  }

  private static long expected(StreamReply.Conflict conflict) {
    return ((ExpectedVersion.Exactly) conflict.expectedVersion()).version();
  }

  void stop() throws Exception {
    system.terminate();
    Patience.get(system.getWhenTerminated());
  }
}
