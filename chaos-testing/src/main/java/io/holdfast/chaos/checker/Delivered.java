// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

/**
 * An event that a consumer was given.
 *
 * @param ordinal how many the consumer had been given with it, of all streams
 */
public record Delivered(
    Consumer consumer, long ordinal, long at, String stream, long version, String id)
    implements Evidence {
  @Override
  public String who() {
    return consumer.name();
  }

  @Override
  public long from() {
    return at;
  }

  @Override
  public long to() {
    return at;
  }

  @Override
  public String text() {
    return "%s %s was given %s@%d".formatted(consumer.kind(), consumer.name(), id, version);
  }
}
