// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import static java.util.concurrent.CompletableFuture.completedFuture;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.ActorIdentity;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Identify;
import org.apache.pekko.persistence.JournalProtocol.ReplayMessages;
import org.jspecify.annotations.Nullable;

/**
 * Lets no replay run ahead of its actor, whose mailbox would otherwise hold the whole stream. After
 * each page the actor is asked to identify itself; every actor answers that without knowing, and in
 * the order of its mailbox, so once it has taken the page. Before that, no other page is sent.
 *
 * <p>Pekko tells a journal neither for which actor it replays nor when a replay is not needed after
 * all, so this has to watch the requests. If two actors of one id recover at the same time, both
 * keep the pace of one. Thread-safe.
 */
final class Replays {
  /** Comes back with an actor's answer. */
  private record PageTaken(CompletableFuture<Void> taken) {}

  private final ActorRef journal;
  private final Map<String, ActorRef> expected = new ConcurrentHashMap<>();

  Replays(ActorRef journal) {
    this.journal = journal;
  }

  /**
   * Takes notice of a request whose actor's stream ends at {@code highestSequenceNr}, before its
   * replay begins, if it does.
   */
  void expect(ReplayMessages request, long highestSequenceNr) {
    long to = Math.min(request.toSequenceNr(), highestSequenceNr);
    if (to > 0 && request.fromSequenceNr() <= to) {
      expected.put(request.persistenceId(), request.persistentActor());
    }
  }

  Replay begin(String persistenceId) {
    return new Replay(persistenceId, expected.remove(persistenceId));
  }

  static void onIdentity(ActorIdentity answer) {
    if (answer.correlationId() instanceof PageTaken page) {
      if (answer.getActorRef().isPresent()) {
        page.taken().complete(null);
      } else {
        page.taken()
            .completeExceptionally(
                new IllegalStateException("the actor stopped before its recovery was complete"));
      }
    }
  }

  /** One replay. Not thread-safe. */
  final class Replay {
    final String persistenceId;
    private final @Nullable ActorRef actor;

    private Replay(String persistenceId, @Nullable ActorRef actor) {
      this.persistenceId = persistenceId;
      this.actor = actor;
    }

    /** Sends a page. Completes when the actor has taken it; fails if the actor has stopped. */
    CompletableFuture<Void> send(Runnable page) {
      page.run();
      if (actor == null) {
        return completedFuture(null);
      }
      CompletableFuture<Void> taken = new CompletableFuture<>();
      actor.tell(new Identify(new PageTaken(taken)), journal);
      return taken;
    }
  }
}
