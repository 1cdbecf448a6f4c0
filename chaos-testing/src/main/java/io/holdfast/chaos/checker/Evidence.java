// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

/** What a violation rests on: an operation, or a delivery. Times are a history's. */
public sealed interface Evidence permits Op, Delivered {
  String stream();

  /** Who was there: a client or a consumer. */
  String who();

  /** When it began. */
  long from();

  /** When it had ended; {@link Op#NEVER} if that was not heard of. */
  long to();

  /** Says to people what it was. */
  String text();
}
