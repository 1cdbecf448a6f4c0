// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

/**
 * An offset of another store's feed: of another keyspace, of one that was dropped and made again,
 * or of a store in memory. It says nothing of what a reader has had of this one.
 */
public final class ForeignOffsetException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient FeedOffset offset;

  /**
   * @param why it is none of this store's
   */
  ForeignOffsetException(FeedOffset offset, String why) {
    super(
        "offset %s %s; offsets of one store mean nothing in another: begin with FeedOffset.beginning() or since(time), or read the store that it belongs to"
            .formatted(offset, why));
    this.offset = offset;
  }

  /** The offset that was refused. */
  public FeedOffset offset() {
    return offset;
  }
}
