// SPDX-License-Identifier: Apache-2.0
package io.holdfast.query;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.cassandra.CassandraStorage;
import io.holdfast.cassandra.PersistenceIdPages;
import io.holdfast.cassandra.PersistenceIdPages.Entry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/** The ids of all streams. Thread-safe; each run of a source reads anew, a page ahead. */
final class PersistenceIdListings {
  private final ActorSystem system;
  private final CassandraStorage storage;
  private final QuerySettings settings;

  PersistenceIdListings(ActorSystem system, CassandraStorage storage, QuerySettings settings) {
    this.system = system;
    this.storage = storage;
    this.settings = settings;
  }

  /** Those that are there, after {@code afterId} in an order that does not change. */
  Source<String, NotUsed> current(Optional<String> afterId) {
    return PageSource.of(
            () -> storage.readPersistenceIds(afterId, settings.pageSize()),
            PersistenceIdPages::next,
            pages -> {})
        .map(Entry::persistenceId);
  }

  /** Those that are there, and then the new ones: all are listed again and again. */
  Source<String, NotUsed> live() {
    return PageSource.of(
        () -> completedFuture(new Listing()),
        listing -> listing.next().thenApply(Optional::of),
        listing -> {});
  }

  /** One listing after the other, for one run of the live source. */
  private final class Listing {
    private final SeenTokens seen = new SeenTokens();
    private @Nullable PersistenceIdPages open;

    /** The ids of the next page that were not listed before; none at the end of a listing. */
    CompletionStage<List<String>> next() {
      PersistenceIdPages pages = open;
      if (pages == null) {
        return storage
            .readPersistenceIds(Optional.empty(), settings.pageSize())
            .thenCompose(
                opened -> {
                  open = opened;
                  return next();
                });
      }
      return pages
          .next()
          .thenCompose(page -> page.isPresent() ? completedFuture(unseen(page.get())) : end());
    }

    private List<String> unseen(List<Entry> page) {
      return page.stream()
          .filter(entry -> seen.isNew(entry.token()))
          .map(Entry::persistenceId)
          .toList();
    }

    private CompletionStage<List<String>> end() {
      open = null;
      seen.beginAgain();
      return Delays.after(system, settings.refreshInterval()).thenApply(passed -> List.of());
    }
  }
}
