// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import io.holdfast.fence.ModelStorage.Request;
import io.holdfast.fence.ModelStorage.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Some actor systems, a reader and one stream. Everything that can happen next is a choice; taking
 * the same choices again leads to the same state.
 */
final class World {
  static final String STREAM = "s";
  private static final Instant START = Instant.ofEpochSecond(0, 10_000);

  /** Something that can happen next. */
  record Choice(Supplier<String> label, Runnable action) {}

  final ModelStorage storage;
  private final Bounds bounds;
  private final Fault fault;
  private final List<ModelActor> actors = new ArrayList<>();
  private final @Nullable ModelReader reader;
  private final @Nullable ModelFeedReader feed;

  /** The acknowledged events, by sequence number less one. */
  private final List<@Nullable String> acknowledged = new ArrayList<>();

  /** The events that were said not to be stored. */
  private final Set<String> refused = new TreeSet<>();

  private long requestedDeletion;
  private long acknowledgedDeletion;
  private int weeks;
  private int replacements;
  private int partReads;

  /** The batches that were issued, as far as they have more than one event. */
  private final List<List<String>> batches = new ArrayList<>();

  private @Nullable String violation;
  private Duration passed = Duration.ZERO;

  World(Bounds bounds, Fault fault) {
    this.bounds = bounds;
    this.fault = fault;
    this.storage = new ModelStorage(bounds, fault);
    for (int i = 0; i < bounds.writers(); i++) {
      actors.add(new ModelActor(i, this, bounds, fault));
    }
    this.reader = bounds.reader() ? new ModelReader(storage, this, bounds.writers(), fault) : null;
    this.feed = bounds.openLogRows() > 0 ? new ModelFeedReader(storage, bounds, fault) : null;
    this.weeks = bounds.weeks();
    this.replacements = bounds.replacements();
    this.partReads = bounds.partReads();
  }

  /** Each writer's wall clock is an hour from the next one's. */
  FenceClock clock(int writer, Function<Duration, CompletionStage<Void>> pauses) {
    Duration offset = bounds.weeks() > 0 ? Duration.ofHours(writer) : Duration.ZERO;
    return new FenceClock(() -> START.plus(passed).plus(offset), () -> passed.toNanos(), pauses);
  }

  List<Choice> choices() {
    List<Choice> choices = writersChoices();
    addReadersChoices(choices);
    return choices;
  }

  /** One of the {@link #choices}: what readers may do is not looked for unless it is asked for. */
  Choice choice(int index) {
    List<Choice> choices = writersChoices();
    return index < choices.size() ? choices.get(index) : choices().get(index);
  }

  private List<Choice> writersChoices() {
    List<Choice> choices = new ArrayList<>();
    ModelEvents.Differences replicas = storage.replicas();
    Set<String> orphans = new HashSet<>();
    for (Request orphan : storage.orphans()) {
      for (int replica : orphan.reachable(replicas)) {
        choices.add(
            new Choice(
                () -> "late on " + "ABC".charAt(replica) + ": " + orphan.label,
                () -> orphan.reach(replica)));
      }
      if (orphan.reachable(replicas).isEmpty() && orphans.add(orphan.label)) {
        choices.add(
            new Choice(() -> "late: " + orphan.label, () -> storage.takeEffectLate(orphan)));
      }
    }
    storage.requests().forEach(request -> addChoices(choices, request, replicas));
    for (int i = 0; i < actors.size(); i++) {
      // Before they start, all are alike.
      if (i == 0 || bounds.weeks() > 0 || actors.get(i - 1).hasStarted()) {
        actors.get(i).addChoices(choices);
      }
    }
    if (weeks > 0 && storage.ownership() != null) {
      for (int alive = 0; alive < 1 << actors.size(); alive++) {
        int mask = alive;
        choices.add(
            new Choice(
                () -> "a week passes, in touch: " + Integer.toBinaryString(mask),
                () -> passWeek(mask)));
      }
    }
    addReplicasChoices(choices, replicas);
    return choices;
  }

  private void addReplicasChoices(List<Choice> choices, ModelEvents.Differences replicas) {
    if (replacements > 0 && storage.ownership() != null) {
      for (int replica = 0; replica < 3; replica++) {
        int replaced = replica;
        choices.add(
            new Choice(
                () -> "a replacement on " + "ABC".charAt(replaced),
                () -> {
                  replacements--;
                  storage.replace(replaced);
                }));
      }
    }
    if (partReads > 0 && storage.ownership() != null) {
      for (ModelEvents.Pair pair : replicas.unlikePairs()) {
        for (ModelEvents.Part part : List.of(ModelEvents.Part.HEADER, ModelEvents.Part.CONTENT)) {
          choices.add(
              new Choice(
                  () -> "somebody reads " + part + pair,
                  () -> {
                    partReads--;
                    storage.readPart(pair, part);
                  }));
        }
      }
    }
  }

  private void addReadersChoices(List<Choice> choices) {
    if (reader != null && reader.isIdle() && storage.ownership() != null) {
      choices.add(new Choice(() -> "R reads", reader::read));
    }
    if (feed != null) {
      feed.addChoices(choices);
    }
  }

  private void addChoices(List<Choice> choices, Request request, ModelEvents.Differences replicas) {
    String who = request.writer == bounds.writers() ? "R " : "W" + request.writer + " ";
    if (!request.isExpired()) {
      for (ModelEvents.Pair pair : request.pairs(replicas)) {
        choices.add(new Choice(() -> who + request.label + pair, () -> request.succeed(pair)));
      }
    }
    if (request.mayReachOne()) {
      for (int replica : request.reachable(replicas)) {
        choices.add(
            new Choice(
                () -> who + request.label + " reaches " + "ABC".charAt(replica),
                () -> request.reach(replica)));
      }
    }
    for (Request minority : storage.minorities(request)) {
      choices.add(
          new Choice(
              () -> who + request.label + ", and repairs the last row of " + minority.label,
              () -> {
                storage.repairLastRow(minority);
                request.succeed(ModelEvents.Pair.SINGLE);
              }));
    }
    if (request.mayBeLost()) {
      choices.add(new Choice(() -> who + request.label + ": no answer", request::lose));
      if (request.isBatchesRow()) {
        choices.add(new Choice(() -> who + request.label + ": not sent", request::refuse));
      }
    } else if (request.label.startsWith("fence")) {
      choices.add(new Choice(() -> who + request.label + ": not sent", request::refuse));
    }
  }

  private void passWeek(int alive) {
    weeks--;
    for (int halfDay = 0; halfDay < 15; halfDay++) {
      if (fault != Fault.CLOCKS_STAND_STILL) {
        passed = passed.plusHours(12);
      }
      for (int i = 0; i < actors.size(); i++) {
        if ((alive & 1 << i) != 0) {
          actors.get(i).keepAlive();
        }
      }
    }
    storage.expire();
    actors.forEach(actor -> actor.note("week"));
  }

  void take(Choice choice) {
    choice.action().run();
    actors.forEach(ModelActor::restIfQuiet);
    if (feed != null) {
      feed.readOn();
    }
  }

  void issue(List<String> batch) {
    if (batch.size() > 1) {
      batches.add(batch);
    }
  }

  void acknowledge(long first, List<String> events) {
    for (int i = 0; i < events.size(); i++) {
      int at = (int) first - 1 + i;
      while (acknowledged.size() <= at) {
        acknowledged.add(null);
      }
      String before = acknowledged.get(at);
      if (before != null) {
        violate("two acknowledged events at " + (at + 1) + ": " + before + " and " + events.get(i));
      }
      acknowledged.set(at, events.get(i));
    }
  }

  void refuse(List<String> events) {
    refused.addAll(events);
  }

  /** What a deletion leaves with the stream, so that properties are searched as well. */
  static String properties(long deletedTo) {
    return "p" + deletedTo;
  }

  void requestDeletion(long to) {
    requestedDeletion = Math.max(requestedDeletion, to);
  }

  void acknowledgeDeletion(long to) {
    acknowledgedDeletion = Math.max(acknowledgedDeletion, to);
  }

  /** The highest sequence number of an acknowledged event. */
  long acknowledged() {
    return acknowledged.size();
  }

  /** Something that must not happen has happened, where an exception would be caught. */
  void violate(String what) {
    violation = violation == null ? what : violation;
  }

  /** What must hold of every step. */
  void checkStep() {
    if (violation != null) {
      throw new Violation(violation);
    }
  }

  /** What must hold in every state. */
  void check() {
    checkDeletion();
    for (List<ModelEvents.Row> history : storage.histories()) {
      check(history);
    }
  }

  private void checkDeletion() {
    StreamOwnership row = storage.ownership();
    if (row != null
        && (row.deletedTo() < acknowledgedDeletion
            || row.deletedTo() > requestedDeletion
            || (acknowledgedDeletion > 0 && row.properties() == null))) {
      throw new Violation(
          "deleted were events to " + acknowledgedDeletion + ", but there is " + row);
    }
    List<ModelEvents.Row> left = storage.upTo(acknowledgedDeletion);
    // With that bug, it is what the feed delivers that counts.
    if (!left.isEmpty() && fault != Fault.NO_DEPENDENCY_ON_DELETED) {
      throw new Violation(
          "deleted were events to " + acknowledgedDeletion + ", but stored are " + left);
    }
  }

  private void check(List<ModelEvents.Row> history) {
    for (int i = 0; i < acknowledged.size(); i++) {
      String event = acknowledged.get(i);
      if (event != null && !isAt(i, event, history)) {
        throw new Violation("acknowledged event " + event + " is not in " + history);
      }
    }
    for (ModelEvents.Row stored : history) {
      if (refused.contains(stored.event())) {
        throw new Violation("an event said not to be stored is in " + history);
      }
    }
    for (ModelActor actor : actors) {
      List<String> known = actor.ownersHistory();
      if (known != null) {
        checkBatches(known);
        check(actor, known, history);
      }
    }
    if (reader != null) {
      checkBatches(reader.emitted);
      checkEmitted(reader.emitted, history);
    }
    if (feed != null) {
      feed.check(history, acknowledged);
    }
  }

  /** A batch is there whole or not at all, whoever reads. */
  private void checkBatches(List<String> known) {
    for (List<String> batch : batches) {
      boolean some = batch.stream().anyMatch(known::contains);
      if (some && !known.contains(ModelStorage.DELETED) && !known.containsAll(batch)) {
        throw new Violation("of the batch " + batch + " a part is in " + known);
      }
    }
  }

  private void check(ModelActor owner, List<String> known, List<ModelEvents.Row> history) {
    for (int i = 0; i < known.size(); i++) {
      if (!isAt(i, known.get(i), history)) {
        throw new Violation("the owner recovered " + known + ", but the history is " + history);
      }
    }
    if (acknowledged.size() > known.size() && !owner.isWriting()) {
      throw new Violation("the owner knows " + known + ", but acknowledged are " + acknowledged);
    }
  }

  /** Whether the event is where it was, or deleted. */
  static boolean isAt(int index, String event, List<ModelEvents.Row> history) {
    if (index >= history.size()) {
      return false;
    }
    String there = history.get(index).event();
    return there.equals(event) || there.equals(ModelStorage.DELETED);
  }

  private void checkEmitted(List<String> emitted, List<ModelEvents.Row> history) {
    for (int i = 0; i < emitted.size(); i++) {
      if (!isAt(i, emitted.get(i), history)) {
        throw new Violation("emitted were " + emitted + ", but the history is " + history);
      }
    }
  }

  /** Everything that can make a difference later. */
  StringBuilder describe() {
    StringBuilder state = new StringBuilder(512);
    storage.describe(state);
    state.append(acknowledged).append(refused).append(weeks).append(replacements).append(partReads);
    state.append(requestedDeletion).append(acknowledgedDeletion);
    actors.forEach(actor -> actor.describe(state));
    if (reader != null) {
      reader.describe(state);
    }
    if (feed != null) {
      feed.describe(state);
    }
    return state;
  }
}
