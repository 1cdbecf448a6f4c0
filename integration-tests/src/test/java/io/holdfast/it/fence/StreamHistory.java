// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.it.fence.Answer.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * What was appended to one stream, by whomever, and what was answered; to be held against what the
 * stream holds. For one thread; appends may overlap.
 */
final class StreamHistory {
  /** One append. */
  static final class Attempt {
    private final List<String> texts;
    private final CompletionStage<Answer> answer;

    private Attempt(List<String> texts, CompletionStage<Answer> answer) {
      this.texts = texts;
      this.answer = answer;
    }

    /** Waits for the answer. */
    Answer answer() {
      return get(answer);
    }

    @Override
    public String toString() {
      return texts + " " + answer();
    }
  }

  private final String stream = "stream-" + UUID.randomUUID();
  private final List<Attempt> attempts = new ArrayList<>();

  String stream() {
    return stream;
  }

  /** Sends events of their own, in one batch, without waiting. */
  Attempt begin(Contender contender, int events) {
    List<String> texts = new ArrayList<>();
    for (int event = 1; event <= events; event++) {
      texts.add("%d.%d".formatted(attempts.size() + 1, event));
    }
    Attempt attempt = new Attempt(texts, contender.append(stream, texts));
    attempts.add(attempt);
    return attempt;
  }

  Answer append(Contender contender, int events) {
    return begin(contender, events).answer();
  }

  /** Appends what must be acknowledged. */
  void store(Contender contender, int events) {
    Answer answer = append(contender, events);
    if (!answer.isAcknowledged()) {
      throw new AssertionError(
          "%s: %s\n%s".formatted(stream, answer.outcome(), this), answer.failure());
    }
  }

  /**
   * Appends with a system that others may have deposed without its knowing. Once it knows, it must
   * come back and be acknowledged.
   */
  void storeComingBack(Contender contender, int events) {
    if (!append(contender, events).isAcknowledged()) {
      store(contender, events);
    }
  }

  List<String> read(Contender contender) {
    return get(contender.read(stream));
  }

  /** Holds the stream, read by a system that has not touched it before, against the answers. */
  void verify(Contender fresh) {
    List<String> stored = read(fresh);
    assertThat(lostIn(stored)).as("acknowledged, but lost from %s of %s", stored, this).isEmpty();
    assertThat(stored).as("%s", this).doesNotHaveDuplicates();
    List<String> tried = new ArrayList<>();
    for (Attempt attempt : attempts) {
      tried.addAll(attempt.texts);
      int position = stored.indexOf(attempt.texts.get(0));
      if (attempt.answer().outcome() == Outcome.UNAVAILABLE) {
        assertThat(stored).as("%s", this).doesNotContainAnyElementsOf(attempt.texts);
      } else if (position >= 0) {
        assertThat(stored.subList(position, stored.size()))
            .as("%s", this)
            .startsWith(attempt.texts.toArray(String[]::new));
      } else {
        assertThat(stored).as("%s", this).doesNotContainAnyElementsOf(attempt.texts);
      }
    }
    assertThat(tried).as("%s", this).containsAll(stored);
  }

  /** The acknowledged events that a history does not have where they were acknowledged. */
  List<String> lostIn(List<String> history) {
    List<String> lost = new ArrayList<>();
    for (Attempt attempt : attempts) {
      Answer answer = attempt.answer();
      if (answer.isAcknowledged()
          && !answer.placeIn(history, attempt.texts.size()).equals(attempt.texts)) {
        lost.addAll(attempt.texts);
      }
    }
    return lost;
  }

  @Override
  public String toString() {
    return stream + attempts;
  }
}
