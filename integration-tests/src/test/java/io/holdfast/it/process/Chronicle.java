// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.it.process.Answer.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the writers of one subject sent and heard, each one event at a time, to be held against what
 * is stored in the end. Thread-safe.
 */
final class Chronicle {
  private final Subject subject;
  private final Map<String, List<String>> sent = new LinkedHashMap<>();
  private final Map<String, Answer> answers = new LinkedHashMap<>();

  Chronicle(Subject subject) {
    this.subject = subject;
  }

  Subject subject() {
    return subject;
  }

  synchronized void begun(String writer, String eventId) {
    sent.computeIfAbsent(writer, name -> new ArrayList<>()).add(eventId);
  }

  synchronized void ended(String writer, String eventId, Answer answer) {
    assertThat(sent.get(writer)).endsWith(eventId);
    answers.put(eventId, answer);
  }

  /** Appends the node's next event, and waits for the answer. */
  Answer append(Node node) {
    String eventId = node.name() + "-" + (events(node).size() + 1);
    begun(node.name(), eventId);
    Answer answer = get(node.append(subject, eventId));
    ended(node.name(), eventId, answer);
    return answer;
  }

  /** Appends events until one of them is acknowledged. */
  Answer appendUntilAcknowledged(Node node) {
    for (int attempt = 1; attempt <= 100; attempt++) {
      Answer answer = append(node);
      if (answer.isAppended()) {
        return answer;
      }
    }
    throw new AssertionError(node.name() + " cannot append; " + this);
  }

  private synchronized List<String> events(Node writer) {
    return List.copyOf(sent.getOrDefault(writer.name(), List.of()));
  }

  /** What a writer has heard up to now, in the order of its events. */
  synchronized List<Answer> answers(Node writer) {
    return events(writer).stream()
        .flatMap(event -> Optional.ofNullable(answers.get(event)).stream())
        .toList();
  }

  long count(Node writer, Outcome outcome) {
    return answers(writer).stream().filter(answer -> answer.outcome() == outcome).count();
  }

  /** The highest version that was acknowledged to a writer; 0 if none was. */
  long acknowledged(Node writer) {
    return answers(writer).stream()
        .filter(Answer::isAppended)
        .mapToLong(Answer::version)
        .max()
        .orElse(0);
  }

  /**
   * Every acknowledged event is there once, at the version that was acknowledged; of the others
   * only those whose outcome is unknown may be, once each; every writer's are in its order.
   */
  synchronized void verify(List<String> history) {
    assertThat(history).as("events of %s", this).doesNotHaveDuplicates();
    answers.forEach(
        (event, answer) -> {
          int version = history.indexOf(event) + 1;
          switch (answer.outcome()) {
            case APPENDED ->
                assertThat(version)
                    .as("version of acknowledged %s of %s", event, this)
                    .isEqualTo((int) answer.version());
            case UNKNOWN -> {}
            case UNAVAILABLE, CONFLICT ->
                assertThat(version).as("version of %s, not stored, of %s", event, this).isZero();
            case WRONG -> throw new AssertionError(event + ": " + answer);
          }
        });
    int found = 0;
    for (List<String> events : sent.values()) {
      List<String> stored = events.stream().filter(history::contains).toList();
      assertThat(history.stream().filter(events::contains)).isEqualTo(stored);
      found += stored.size();
    }
    assertThat(history).as("events of %s", this).hasSize(found);
  }

  /** The acknowledged events that a history lacks. */
  synchronized List<String> lost(List<String> history) {
    return answers.entrySet().stream()
        .filter(entry -> entry.getValue().isAppended() && !history.contains(entry.getKey()))
        .map(Map.Entry::getKey)
        .toList();
  }

  @Override
  public synchronized String toString() {
    StringBuilder text = new StringBuilder(subject.toString());
    sent.forEach(
        (writer, events) -> text.append(", ").append(writer).append(' ').append(events.size()));
    answers.forEach(
        (event, answer) -> {
          if (!answer.isAppended()) {
            text.append("; ").append(event).append(' ').append(answer.encode());
          }
        });
    return text.toString();
  }
}
