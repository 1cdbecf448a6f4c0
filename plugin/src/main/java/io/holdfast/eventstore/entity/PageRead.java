// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import io.holdfast.eventstore.protocol.StreamCommand;
import io.holdfast.eventstore.protocol.StreamReply;
import io.holdfast.query.StreamReader;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Answers {@link StreamCommand.Read} from storage, beside the actor: the actor gives the version,
 * up to which everything is settled, and goes on.
 */
final class PageRead {
  private PageRead() {}

  static void start(
      String streamId,
      long version,
      StreamCommand.Read read,
      StreamEntity.Environment environment) {
    StreamEntitySettings settings = environment.settings();
    Optional<String> problem =
        settings.limits().checkRange(read.fromVersion(), OptionalLong.of(read.limit()));
    if (problem.isPresent()) {
      read.replyTo().tell(new StreamReply.Rejected(problem.get()));
      return;
    }
    StreamReader.Range range =
        new StreamReader.Range(
            read.fromVersion(), Math.min(read.toVersion(), version), read.reverse());
    int limit = Math.min(read.limit(), settings.maxReadEvents());
    environment
        .reader()
        .readPage(streamId, range, limit, settings.limits().maxBatchBytes())
        .whenComplete(
            (page, failure) ->
                read.replyTo()
                    .tell(
                        failure == null
                            ? reply(page, version)
                            : new StreamReply.Unavailable(
                                "the events could not be read: " + failure.getMessage())));
  }

  private static StreamReply.Page reply(StreamReader.Page page, long version) {
    return new StreamReply.Page(
        page.events().stream()
            .map(event -> new StreamReply.EventAt(event.version(), event.event()))
            .toList(),
        page.continueFrom(),
        version);
  }
}
