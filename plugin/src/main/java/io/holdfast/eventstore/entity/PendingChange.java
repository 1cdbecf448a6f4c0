// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import io.holdfast.eventstore.protocol.StreamCommand;
import io.holdfast.eventstore.protocol.StreamReply;

/** A change of the stream as a whole that waits for its turn. */
record PendingChange(StreamCommand.Change command) implements PendingCommands.Pending {
  @Override
  public int bytes() {
    return 0;
  }

  @Override
  public void refuse(StreamReply.ToAny reply) {
    command.replyTo().tell(reply);
  }
}
