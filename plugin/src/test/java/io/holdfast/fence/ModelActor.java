// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.fence.FenceException.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One actor system: the stream's persistent actor there, over the writer that production runs. The
 * actor recovers, writes one batch at a time, and is stopped by whatever fails.
 */
final class ModelActor {
  private enum State {
    IDLE,
    RECOVERING,
    ACTIVE,
    WRITING,
    DELETING
  }

  private final int index;
  private final World world;
  private final Bounds bounds;
  private final Fault fault;
  private final List<String> answers = new ArrayList<>();
  private final ModelStorage.View view;

  private Writer<String> writer;
  private int identities;
  private State state = State.IDLE;
  private int activations;
  private int writes;
  private int questions;
  private int cleanUps;
  private int deletions;
  private int rejections;
  private int successions;
  private @Nullable Writer<String> predecessor;
  private boolean asking;
  private int eventsIssued;

  /** What the actor knows of its stream, while it is active. */
  private final List<String> history = new ArrayList<>();

  private long epoch;

  /** How much was acknowledged when the actor began to recover. */
  private long toRecover;

  ModelActor(int index, World world, Bounds bounds, Fault fault) {
    this.index = index;
    this.world = world;
    this.bounds = bounds;
    this.fault = fault;
    this.view = world.storage.new View(index, answers);
    this.activations = bounds.activations();
    this.writes = bounds.writesOf(index);
    this.questions = bounds.questions();
    this.cleanUps = bounds.cleanUps();
    this.deletions = bounds.deletions();
    this.rejections = bounds.rejections();
    this.successions = bounds.successions();
    this.writer = newWriter();
  }

  private Writer<String> newWriter() {
    WriterSettings settings =
        new WriterSettings(true, 2, bounds.openLogRows(), 10, bounds.remember() ? 10 : 0);
    return new Writer<>(
        new UUID(index, identities++),
        view,
        world.clock(index, view::pause),
        settings,
        FenceListener.NONE,
        predecessor);
  }

  /** As the journal does it. */
  private Writer<String> writer() {
    if (writer.isExpired()) {
      writer = newWriter();
    }
    return writer;
  }

  void addChoices(List<World.Choice> choices) {
    if (state == State.IDLE && activations > 0) {
      choices.add(choice("recovers", this::recover));
    }
    if (state == State.ACTIVE) {
      for (int size = 1; size <= (bounds.pages() ? 3 : 2); size++) {
        int events = size;
        if (size <= writes && history.size() + size <= Bounds.MAX_SEQUENCE_NR) {
          choices.add(choice("writes " + size, () -> write(events)));
        }
      }
      if (rejections > 0 && writes > 0 && history.size() + 2 <= Bounds.MAX_SEQUENCE_NR) {
        choices.add(choice("writes 1 after a rejected one", this::writeAfterRejected));
      }
      for (int to = 1; deletions > 0 && to <= history.size(); to++) {
        int last = to;
        choices.add(choice("deletes to " + to, () -> delete(last)));
      }
      if (activations > 0) {
        choices.add(choice("passivates", this::stop));
      }
      if (questions > 0 && !asking) {
        choices.add(choice("is asked", this::ask));
      }
    }
    if (successions > 0 && state != State.IDLE) {
      choices.add(choice("goes on with another writer", this::succeed));
    }
    if (cleanUps > 0 && !writer.unsettled().isEmpty()) {
      choices.add(choice("cleans up", this::cleanUp));
    }
  }

  private World.Choice choice(String label, Runnable action) {
    return new World.Choice(() -> "W" + index + " " + label, action);
  }

  /** What the writer before has under way goes on. */
  private void succeed() {
    successions--;
    predecessor = writer;
    writer = newWriter();
  }

  private void recover() {
    activations--;
    state = State.RECOVERING;
    toRecover = world.acknowledged();
    answers.add("recover");
    Writer<String> recovering = writer();
    view.recovering = !asking && bounds.weeks() == 0;
    begin(
        () -> recovering.recover(World.STREAM),
        (recovered, failure) -> {
          if (failure == null) {
            activate(recovering, recovered);
          } else {
            stop();
          }
        });
  }

  private <T> void begin(
      Supplier<CompletionStage<T>> operation, BiConsumer<T, @Nullable Throwable> end) {
    view.beginning = true;
    CompletionStage<T> stage = operation.get();
    view.beginning = false;
    stage.whenComplete(
        (result, failure) -> {
          try {
            end.accept(result, failure);
          } catch (RuntimeException e) {
            world.violate("the model itself fails: " + e);
          }
        });
  }

  private void activate(Writer<String> recovering, Recovered recovered) {
    long highest = recovered.highestSequenceNr();
    List<ModelEvents.Row> rows = world.storage.history();
    for (List<ModelEvents.Row> shown : world.storage.histories()) {
      if (shown.size() < highest) {
        world.violate("recovered to " + highest + ", but the history is " + shown);
        return;
      }
    }
    if (highest < toRecover) {
      world.violate("recovered to " + highest + " after " + toRecover + " were acknowledged");
      return;
    }
    rows.subList(0, (int) highest).forEach(row -> history.add(row.event()));
    epoch = epochOf(recovering);
    state = State.ACTIVE;
    StreamOwnership row = world.storage.ownership();
    if (ownersHistory() != null && row != null && row.deletedTo() != recovered.deletedTo()) {
      world.violate(
          "the owner recovered a deletion to " + recovered.deletedTo() + ", but there is " + row);
    }
  }

  /** What the writer remembers, or read last if it forgets. */
  private long epochOf(Writer<String> owner) {
    Stream stream = owner.memory().find(World.STREAM);
    if (stream != null) {
      return stream.epoch;
    }
    StreamOwnership row = world.storage.ownership();
    return row != null && row.owner().equals(owner.id()) ? row.epoch() : 0;
  }

  private void stop() {
    state = State.IDLE;
    history.clear();
    epoch = 0;
  }

  private void write(int size) {
    write(List.of(), size);
  }

  private void writeAfterRejected() {
    rejections--;
    write(List.of(ModelEvents.FILLER), 1);
  }

  /**
   * @param fillers what takes the places of the events before, that were rejected
   */
  private void write(List<String> fillers, int size) {
    writes -= size;
    List<String> events = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      events.add("w" + index + "." + ++eventsIssued);
    }
    long first = history.size() + fillers.size() + 1L;
    state = State.WRITING;
    answers.add("write " + events);
    world.issue(events);
    Writer<String> writing = writer();
    begin(
        () ->
            writing.write(
                World.STREAM,
                completedFuture(
                    List.of(
                        new Batch<>(
                            World.STREAM, first, first + size - 1, events, Set.of(), Set.of())))),
        (stored, failure) -> {
          if (failure == null) {
            epoch = epochOf(writing);
            world.acknowledge(first, events);
            history.addAll(fillers);
            history.addAll(events);
            state = State.ACTIVE;
          } else {
            if (effectOf(failure) == Effect.NONE) {
              world.refuse(events);
            }
            keepEpochIfPlanted(writing);
            stop();
          }
        });
  }

  private void delete(int to) {
    deletions--;
    state = State.DELETING;
    answers.add("delete to " + to);
    world.requestDeletion(to);
    begin(
        () -> writer().change(World.STREAM, to, Optional.of(World.properties(to))),
        (deleted, failure) -> {
          if (failure == null) {
            world.acknowledgeDeletion(to);
            state = State.ACTIVE;
          } else {
            skipDeletionIfPlanted();
            stop();
          }
        });
  }

  private static Effect effectOf(Throwable failure) {
    return ((FenceException) FenceException.causeOf(failure)).effect();
  }

  private void skipDeletionIfPlanted() {
    Stream stream = writer.memory().find(World.STREAM);
    if (fault == Fault.REPEATED_DELETION_SKIPPED && stream != null) {
      stream.erasedTo = stream.deletedTo;
    }
  }

  private void keepEpochIfPlanted(Writer<String> writing) {
    Stream stream = writing.memory().find(World.STREAM);
    if (fault == Fault.EPOCH_KEPT_IN_DOUBT && stream != null) {
      stream.inDoubt = false;
      stream.known = false;
    }
  }

  private void ask() {
    questions--;
    asking = true;
    int known = history.size();
    long acknowledged = world.acknowledged();
    answers.add("ask at " + known + " of " + acknowledged);
    begin(
        () -> writer().confirm(World.STREAM),
        (confirmed, failure) -> {
          asking = false;
          if (failure == null && known < acknowledged) {
            world.violate(
                "W%d answers %d after %d were stored".formatted(index, known, acknowledged));
          }
        });
  }

  private void cleanUp() {
    cleanUps--;
    answers.add("clean up");
    view.cleaning = true;
    begin(() -> writer().maintain(), (done, failure) -> {});
    view.cleaning = false;
  }

  /** Half a day passes; the writer reads its inbox as often as it should, and is answered. */
  void keepAlive() {
    view.immediate = true;
    writer.maintain();
    view.immediate = false;
  }

  void restIfQuiet() {
    boolean quiet =
        (state == State.IDLE || state == State.ACTIVE)
            && !asking
            && world.storage.requests().stream()
                .noneMatch(request -> request.writer == index && request.isOfActor());
    if (quiet) {
      answers.clear();
      view.recovering = false;
    }
  }

  /** Something that the search cannot see in the other fields has happened. */
  void note(String what) {
    answers.add(what);
  }

  /** What this actor knows, if it is the owner and nothing of it may be outdated. */
  @Nullable List<String> ownersHistory() {
    StreamOwnership row = world.storage.ownership();
    boolean owner =
        row != null && row.owner().equals(writer.id()) && row.epoch() == epoch && epoch != 0;
    boolean active = state == State.ACTIVE || state == State.WRITING || state == State.DELETING;
    return owner && active ? history : null;
  }

  /** Whether the actor has started, once at least. */
  boolean hasStarted() {
    return activations < bounds.activations();
  }

  boolean isWriting() {
    return state == State.WRITING;
  }

  void describe(StringBuilder text) {
    if (bounds.openLogRows() > 0) {
      text.append("|L").append(writer.log().state());
    }
    if (state == State.IDLE && activations == 0 && !asking && bounds.cleanUps() == 0) {
      text.append("|gone");
      return;
    }
    text.append("|W").append(state).append(activations).append(writes).append(questions);
    text.append(cleanUps)
        .append(deletions)
        .append(rejections)
        .append(successions)
        .append(asking)
        .append(eventsIssued)
        .append(history)
        .append(epoch);
    text.append(state == State.RECOVERING ? toRecover : 0);
    text.append(answers).append(identities).append(writer.isExpired());
    Writer<String> former = predecessor;
    if (former != null) {
      text.append(successions).append(former.unsettled());
      text.append(former.memory().find(World.STREAM));
    }
    text.append(writer.unsettled()).append(writer.memory().find(World.STREAM));
  }
}
