// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

/** What a history can show to be wrong, in the order in which people want to know of it. */
public enum ViolationKind {
  LOST("An acknowledged event is not there."),
  VANISHED("An event that was read, or its version, is not there any more."),
  REPLACED("One version of a stream is two events."),
  DOUBLED("An event is there twice, or was appended twice by what was answered."),
  WRONG_VERSION("An acknowledged event is at another version than the one that was told."),
  REFUSED_BUT_STORED("An event is there whose every append was refused."),
  PHANTOM("An event is there that nobody has appended."),
  TORN_BATCH("Of a batch a part is there, or was there, or its events are not next to each other."),
  GAP("A read has left out a version that was not deleted."),
  UNORDERED_READ("A read has given events out of order, or outside of its range."),
  STALE_READ("An answer is older than what was acknowledged or seen before the question."),
  FUTURE_READ("An event was seen before its append was invoked."),
  REORDERED("An append stands after one that was invoked only when it had completed."),
  EXPECTATION_BROKEN("An append has succeeded, and the stream was not as it expected."),
  UNEXPLAINED_CONFLICT("A conflict was told, and at no moment of the call there was one."),
  UNEXPLAINED_REFUSAL("An append was refused because the stream is closed, and it was not."),
  UNEXPLAINED_ANSWER("At no moment the stream was as the answer says."),
  APPENDED_AFTER_CLOSE("A closed stream was appended to."),
  DELETED_BUT_READ("A read has given an event that was deleted before the question."),
  SNAPSHOT_MISMATCH("A snapshot holds other events than its stream up to its sequence number."),
  DELIVERY_GAP("A consumer was given an event before the one that precedes it in the stream."),
  DELIVERY_MISSING("A consumer has come to the end and was not given an event."),
  DELIVERY_OUT_OF_ORDER("A consumer was given a stream's events out of order."),
  DELIVERY_PHANTOM("A consumer was given an event that is not in the stream at that version.");

  private final String meaning;

  ViolationKind(String meaning) {
    this.meaning = meaning;
  }

  public String meaning() {
    return meaning;
  }
}
