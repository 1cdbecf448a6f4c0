// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

/**
 * How much may happen in the model.
 *
 * @param writers writers, each with an actor for the one stream
 * @param activations how often each actor may start
 * @param writes how many events each actor may write, in batches of one or two
 * @param questions how many linearizable questions each actor may be asked
 * @param cleanUps how often each writer may clean its inbox up
 * @param deletions how often each actor may delete events
 * @param weeks how often a week may pass in which some writers are cut off
 * @param reader whether somebody reads without the actor
 * @param partitionSize sequence numbers to a partition
 * @param remember whether writers remember idle streams
 */
record Bounds(
    int writers,
    int activations,
    int writes,
    int questions,
    int cleanUps,
    int deletions,
    int weeks,
    boolean reader,
    int partitionSize,
    boolean remember) {
  /** The longest stream. */
  static final int MAX_SEQUENCE_NR = 3;

  static Bounds of(int writers, int activations, int writes) {
    return new Bounds(writers, activations, writes, 0, 0, 0, 0, false, 100, true);
  }

  Bounds withQuestions(int count) {
    return new Bounds(
        writers,
        activations,
        writes,
        count,
        cleanUps,
        deletions,
        weeks,
        reader,
        partitionSize,
        remember);
  }

  Bounds withCleanUps(int count) {
    return new Bounds(
        writers,
        activations,
        writes,
        questions,
        count,
        deletions,
        weeks,
        reader,
        partitionSize,
        remember);
  }

  Bounds withDeletions(int count) {
    return new Bounds(
        writers,
        activations,
        writes,
        questions,
        cleanUps,
        count,
        weeks,
        reader,
        partitionSize,
        remember);
  }

  Bounds withWeek() {
    return new Bounds(
        writers,
        activations,
        writes,
        questions,
        cleanUps,
        deletions,
        1,
        reader,
        partitionSize,
        remember);
  }

  Bounds withReader() {
    return new Bounds(
        writers,
        activations,
        writes,
        questions,
        cleanUps,
        deletions,
        weeks,
        true,
        partitionSize,
        remember);
  }

  Bounds withPartitionSize(int size) {
    return new Bounds(
        writers,
        activations,
        writes,
        questions,
        cleanUps,
        deletions,
        weeks,
        reader,
        size,
        remember);
  }

  Bounds forgetful() {
    return new Bounds(
        writers,
        activations,
        writes,
        questions,
        cleanUps,
        deletions,
        weeks,
        reader,
        partitionSize,
        false);
  }
}
