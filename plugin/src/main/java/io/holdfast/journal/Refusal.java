// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import io.holdfast.journal.JournalException.Outcome;
import java.util.List;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.persistence.DeleteMessagesFailure;
import org.apache.pekko.persistence.DeleteSnapshotFailure;
import org.apache.pekko.persistence.DeleteSnapshotsFailure;
import org.apache.pekko.persistence.JournalProtocol.DeleteMessagesTo;
import org.apache.pekko.persistence.JournalProtocol.ReplayMessages;
import org.apache.pekko.persistence.JournalProtocol.ReplayMessagesFailure;
import org.apache.pekko.persistence.JournalProtocol.WriteMessages;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.persistence.SnapshotProtocol.DeleteSnapshot;
import org.apache.pekko.persistence.SnapshotProtocol.DeleteSnapshots;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshot;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshotFailed;
import org.apache.pekko.persistence.SnapshotProtocol.SaveSnapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a plugin whose settings are wrong answers to each request. One that failed to start instead
 * would answer nothing, and each actor wait until its recovery times out.
 */
final class Refusal {
  private static final Logger LOG = LoggerFactory.getLogger(Refusal.class);

  private final JournalException failure;

  /**
   * @param path where the plugin's section stands
   */
  Refusal(String path, RuntimeException wrong) {
    this.failure =
        new JournalException(
            "%s cannot be used: %s".formatted(path, wrong.getMessage()),
            Outcome.UNAVAILABLE,
            wrong);
    LOG.error("{}. All requests to it fail", failure.getMessage());
  }

  /** Answers a request to a journal or a snapshot store; others are not for them. */
  void answer(Object request, ActorRef sender, ActorRef self) {
    if (request instanceof WriteMessages write) {
      new WriteAnswer(write, self).tell(List.of(), failure);
    } else if (request instanceof ReplayMessages replay) {
      replay.persistentActor().tell(new ReplayMessagesFailure(failure), self);
    } else if (request instanceof DeleteMessagesTo deletion) {
      deletion
          .persistentActor()
          .tell(new DeleteMessagesFailure(failure, deletion.toSequenceNr()), self);
    } else if (request instanceof OwnerRequest owner) {
      owner.replyTo().tell(new OwnerAnswer.Failed(owner.correlation(), failure), self);
    } else if (request instanceof LoadSnapshot) {
      sender.tell(new LoadSnapshotFailed(failure), self);
    } else if (request instanceof SaveSnapshot save) {
      sender.tell(new SaveSnapshotFailure(save.metadata(), failure), self);
    } else if (request instanceof DeleteSnapshot deletion) {
      sender.tell(new DeleteSnapshotFailure(deletion.metadata(), failure), self);
    } else if (request instanceof DeleteSnapshots deletion) {
      sender.tell(new DeleteSnapshotsFailure(deletion.criteria(), failure), self);
    }
  }
}
