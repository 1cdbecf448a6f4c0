// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import java.util.function.Consumer;

/** How much may happen in the model. Immutable. */
final class Bounds {
  /** The longest stream. */
  static final int MAX_SEQUENCE_NR = 3;

  private final int writers;
  private final int activations;
  private final int writes;
  private final String description;
  private int questions;
  private int cleanUps;
  private int deletions;
  private int weeks;
  private boolean reader;
  private int partitionSize = 100;
  private boolean forgetful;
  private int openLogRows;
  private boolean freeFeedReader;
  private boolean quietWriter;
  private int replicas = 1;
  private boolean hints;
  private int replacements;
  private int partReads;
  private int rejections;
  private boolean pages;
  private int successions;

  private Bounds(int writers, int activations, int writes, String description) {
    this.writers = writers;
    this.activations = activations;
    this.writes = writes;
    this.description = description;
  }

  /**
   * @param writers writers, each with an actor for the one stream
   * @param activations how often each actor may start
   * @param writes how many events each actor may write, in batches of one or two
   */
  static Bounds of(int writers, int activations, int writes) {
    String description =
        "%d writers, %d activations, %d writes".formatted(writers, activations, writes);
    return new Bounds(writers, activations, writes, description);
  }

  private Bounds with(String what, Consumer<Bounds> change) {
    Bounds copy = new Bounds(writers, activations, writes, description + ", " + what);
    copy.questions = questions;
    copy.cleanUps = cleanUps;
    copy.deletions = deletions;
    copy.weeks = weeks;
    copy.reader = reader;
    copy.partitionSize = partitionSize;
    copy.forgetful = forgetful;
    copy.openLogRows = openLogRows;
    copy.freeFeedReader = freeFeedReader;
    copy.quietWriter = quietWriter;
    copy.replicas = replicas;
    copy.hints = hints;
    copy.replacements = replacements;
    copy.partReads = partReads;
    copy.rejections = rejections;
    copy.pages = pages;
    copy.successions = successions;
    change.accept(copy);
    return copy;
  }

  /** Each actor may be asked linearizable questions. */
  Bounds withQuestions(int count) {
    return with(count + " questions", copy -> copy.questions = count);
  }

  /** Each writer may clean its inbox up. */
  Bounds withCleanUps(int count) {
    return with(count + " clean-ups", copy -> copy.cleanUps = count);
  }

  /** Each actor may delete events. */
  Bounds withDeletions(int count) {
    return with(count + " deletions", copy -> copy.deletions = count);
  }

  /** A week may pass in which some writers are cut off. */
  Bounds withWeek() {
    return with("a week", copy -> copy.weeks = 1);
  }

  /** Somebody reads without the actor. */
  Bounds withReader() {
    return with("a reader", copy -> copy.reader = true);
  }

  Bounds withPartitionSize(int size) {
    return with("partitions of " + size, copy -> copy.partitionSize = size);
  }

  /** Writers do not remember idle streams. */
  Bounds forgetful() {
    return with("forgetful", copy -> copy.forgetful = true);
  }

  /**
   * Writers keep logs, and all of them are read.
   *
   * @param openRows the most rows of a log that are open
   */
  Bounds withFeed(int openRows) {
    return with("a feed of " + openRows + " open rows", copy -> copy.openLogRows = openRows);
  }

  /** A reader of the feed takes what it likes when it likes. */
  Bounds withFreeFeedReader() {
    return with("a free reader", copy -> copy.freeFeedReader = true);
  }

  /** The second writer writes nothing. */
  Bounds withQuietWriter() {
    return with("the second quiet", copy -> copy.quietWriter = true);
  }

  /** The events have three replicas, of which any two answer. */
  Bounds withReplicas() {
    return with("three replicas", copy -> copy.replicas = 3);
  }

  /** What two replicas have reaches the third later, or never. */
  Bounds withHints() {
    return with("hints", copy -> copy.hints = true);
  }

  /** A replica may be replaced by an empty one, once the other two are whole. */
  Bounds withReplacement() {
    return with("a replacement", copy -> copy.replacements = 1);
  }

  /** Somebody else reads a part of all rows, as an earlier build would, and so repairs that. */
  Bounds withPartReads(int count) {
    return with(count + " reads of a part", copy -> copy.partReads = count);
  }

  /** Each actor may write an event after one that is rejected. */
  Bounds withRejections(int count) {
    return with(count + " rejections", copy -> copy.rejections = count);
  }

  /** Batches have up to three events, and are read in two pages, each from replicas of its own. */
  Bounds withPages() {
    return with("two pages", copy -> copy.pages = true);
  }

  /** Each actor system may go on with another writer, that knows the one before. */
  Bounds withSuccessions(int count) {
    return with(count + " successions", copy -> copy.successions = count);
  }

  int successions() {
    return successions;
  }

  boolean pages() {
    return pages;
  }

  int replicas() {
    return replicas;
  }

  boolean hints() {
    return hints;
  }

  int replacements() {
    return replacements;
  }

  int partReads() {
    return partReads;
  }

  int rejections() {
    return rejections;
  }

  int writers() {
    return writers;
  }

  int activations() {
    return activations;
  }

  int writesOf(int writer) {
    return quietWriter && writer == 1 ? 0 : writes;
  }

  int questions() {
    return questions;
  }

  int cleanUps() {
    return cleanUps;
  }

  int deletions() {
    return deletions;
  }

  int weeks() {
    return weeks;
  }

  boolean reader() {
    return reader;
  }

  int partitionSize() {
    return partitionSize;
  }

  boolean remember() {
    return !forgetful;
  }

  int openLogRows() {
    return openLogRows;
  }

  boolean freeFeedReader() {
    return freeFeedReader;
  }

  @Override
  public String toString() {
    return description;
  }
}
