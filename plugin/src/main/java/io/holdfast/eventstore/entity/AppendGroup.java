// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import io.holdfast.eventstore.protocol.StreamReply;
import io.holdfast.serialization.EventData;
import io.holdfast.serialization.RecordedEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * Appends that go together in one write (group commit): each is decided at the version that those
 * before it leave, and each has an answer of its own. No answer is given before the write it rests
 * on has ended.
 */
final class AppendGroup {
  /** Answers an append that may have been made already. */
  @FunctionalInterface
  interface Comparison {
    void start(PendingAppend append, StreamState.Compare compare, long version);
  }

  /**
   * What to say if the write succeeds.
   *
   * @param version the stream's version when the append's turn came
   */
  private record Answer(PendingAppend append, StreamState.Decision decision, long version) {
    /** Whether the append is part of the write, or only decided at a version that it makes. */
    boolean isInTheWrite() {
      return decision instanceof StreamState.Append && !append.events().isEmpty();
    }
  }

  private final long baseVersion;
  private final long timestampMillis;
  private final List<RecordedEvent> events = new ArrayList<>();
  private final List<Answer> answers = new ArrayList<>();
  private long bytes;

  private AppendGroup(long baseVersion, long timestampMillis) {
    this.baseVersion = baseVersion;
    this.timestampMillis = timestampMillis;
  }

  /**
   * Takes from the queue what fits into one write and can be decided. It takes nothing where the
   * first is no append, or needs recent ids that the state does not know.
   *
   * @param state is led on by what is taken
   */
  static AppendGroup take(
      PendingCommands pending,
      StreamState state,
      long timestampMillis,
      StreamEntitySettings settings) {
    AppendGroup group = new AppendGroup(state.version(), timestampMillis);
    while (pending.peek() instanceof PendingAppend next && group.hasRoom(next, settings)) {
      boolean freshIds = next.hasFreshIds(settings);
      if (state.needsRecentIds(next.expectedVersion(), freshIds)) {
        break;
      }
      group.add(next, freshIds, state);
      pending.poll();
    }
    return group;
  }

  private boolean hasRoom(PendingAppend append, StreamEntitySettings settings) {
    return events.isEmpty()
        || (events.size() + append.events().size() <= settings.limits().maxBatchEvents()
            && bytes + append.bytes() <= settings.maxWriteBytes());
  }

  private void add(PendingAppend append, boolean freshIds, StreamState state) {
    StreamState.Decision decision =
        state.decide(append.events(), append.expectedVersion(), freshIds);
    if (decision instanceof StreamState.Append) {
      state.append(append.events(), freshIds, timestampMillis);
      for (EventData event : append.events()) {
        events.add(new RecordedEvent(event, timestampMillis));
      }
      bytes += append.bytes();
    }
    answers.add(new Answer(append, decision, state.version()));
  }

  boolean isEmpty() {
    return answers.isEmpty();
  }

  /** The stream's version before the write. */
  long baseVersion() {
    return baseVersion;
  }

  /** What to write; empty if no append adds anything, and the version is only to be confirmed. */
  List<RecordedEvent> events() {
    return events;
  }

  void succeed(Comparison comparison) {
    for (Answer answer : answers) {
      PendingAppend append = answer.append();
      if (answer.decision() instanceof StreamState.Compare compare) {
        comparison.start(append, compare, answer.version());
      } else if (answer.decision() instanceof StreamState.Refuse refuse) {
        append.replyTo().tell(refuse.reply());
      } else {
        append.replyTo().tell(new StreamReply.Appended(answer.version(), timestampMillis));
      }
    }
  }

  /**
   * @param inTheWrite the answer to appends that were part of the write
   */
  void fail(StreamReply.ToAppend inTheWrite) {
    StreamReply.ToAppend otherwise =
        new StreamReply.Unavailable(
            "the stream's version was to be confirmed, and is not known yet; try again");
    for (Answer answer : answers) {
      answer.append().replyTo().tell(answer.isInTheWrite() ? inTheWrite : otherwise);
    }
  }
}
