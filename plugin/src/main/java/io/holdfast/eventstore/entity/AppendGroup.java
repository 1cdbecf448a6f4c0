// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import io.holdfast.eventstore.protocol.StreamReply;
import io.holdfast.serialization.EventData;
import io.holdfast.serialization.RecordedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Appends that go together in one write (group commit): each is checked against the version that
 * those before it leave, and each has an answer of its own. No answer is given before the write it
 * rests on has ended.
 */
final class AppendGroup {
  /**
   * What to say if the write succeeds.
   *
   * @param inTheWrite whether the append is part of the write, or only checked against the version
   *     before or within it
   */
  private record Answer(PendingAppend append, StreamReply.ToAppend reply, boolean inTheWrite) {}

  private final long baseVersion;
  private final long timestampMillis;
  private final List<RecordedEvent> events = new ArrayList<>();
  private final List<Answer> answers = new ArrayList<>();
  private long bytes;

  private AppendGroup(long baseVersion, long timestampMillis) {
    this.baseVersion = baseVersion;
    this.timestampMillis = timestampMillis;
  }

  /** Takes from the queue what fits into one write at the stream's version. */
  static AppendGroup take(
      PendingAppends pending, long version, long timestampMillis, StreamEntitySettings settings) {
    AppendGroup group = new AppendGroup(version, timestampMillis);
    for (PendingAppend next = pending.peek();
        next != null && group.hasRoom(next, settings);
        next = pending.peek()) {
      group.add(next);
      pending.poll();
    }
    return group;
  }

  private boolean hasRoom(PendingAppend append, StreamEntitySettings settings) {
    return events.isEmpty()
        || (events.size() + append.events().size() <= settings.limits().maxBatchEvents()
            && bytes + append.bytes() <= settings.maxWriteBytes());
  }

  private void add(PendingAppend append) {
    long version = version();
    OptionalLong expected = append.expectedVersion();
    if (expected.isPresent() && expected.getAsLong() != version) {
      StreamReply.ToAppend conflict = new StreamReply.Conflict(expected.getAsLong(), version);
      answers.add(new Answer(append, conflict, false));
      return;
    }
    for (EventData event : append.events()) {
      events.add(new RecordedEvent(event, timestampMillis));
    }
    bytes += append.bytes();
    answers.add(
        new Answer(
            append,
            new StreamReply.Appended(version(), timestampMillis),
            !append.events().isEmpty()));
  }

  /** The stream's version before the write. */
  long baseVersion() {
    return baseVersion;
  }

  /** The stream's version once the group is stored. */
  long version() {
    return baseVersion + events.size();
  }

  /** What to write; empty if no append adds anything, and the version is only to be confirmed. */
  List<RecordedEvent> events() {
    return events;
  }

  void succeed() {
    answers.forEach(answer -> answer.append().replyTo().tell(answer.reply()));
  }

  /**
   * @param inTheWrite the answer to appends that were part of the write
   */
  void fail(StreamReply.ToAppend inTheWrite) {
    StreamReply.ToAppend otherwise =
        new StreamReply.Unavailable(
            "the stream's version was to be confirmed, and is not known yet; try again");
    for (Answer answer : answers) {
      answer.append().replyTo().tell(answer.inTheWrite() ? inTheWrite : otherwise);
    }
  }
}
