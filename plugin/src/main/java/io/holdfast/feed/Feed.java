// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.cassandra.CassandraStorage;
import io.holdfast.cassandra.EventPages;
import io.holdfast.feed.FeedOffset.Place;
import io.holdfast.feed.LogReader.Span;
import io.holdfast.fence.LastRows;
import io.holdfast.metrics.Measurements;
import io.holdfast.settings.Section;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.actor.ExtensionIdProvider;
import org.apache.pekko.stream.javadsl.Source;

/**
 * All events of all streams of a store, from the logs of all writers. One for a store in an actor
 * system, so that its readers share what they read. Thread-safe.
 *
 * <p>Every acknowledged event is delivered, and nothing that vanishes; the first delivery of each
 * stream's events is in order and without gap. After a stream has moved, an event may come again.
 * Sources can be run any number of times, read as fast as they are asked, and fail with a {@link
 * io.holdfast.fence.FenceException}.
 */
public final class Feed {
  private final ExtendedActorSystem system;
  private final CassandraStorage storage;
  private final FeedSettings settings;
  private final Logs logs;
  private final LastRows lastRows;
  private final EntryReads reads;
  private final Measurements measurements;
  private final boolean isWritten;
  private final String isWrittenPath;

  private Feed(ExtendedActorSystem system, String store) {
    Section sections = Section.ofStore(system.settings().config(), store);
    this.system = system;
    this.storage = new CassandraStorage(system, store);
    this.settings = FeedSettings.of(sections.section("feed"));
    this.logs = new Logs(system, storage, settings.pollInterval());
    this.lastRows = new LastRows(storage);
    this.reads = new EntryReads(storage, settings.maxParallelReads());
    this.measurements = Measurements.get(system);
    this.isWritten = sections.flag("journal.feed");
    this.isWrittenPath = sections.pathOf("journal.feed");
  }

  /**
   * The feed of a store.
   *
   * @param store the path of its sections in the system's configuration
   */
  public static Feed get(ClassicActorSystemProvider system, String store) {
    All all = Id.INSTANCE.get(system);
    return all.byStore.computeIfAbsent(store, path -> new Feed(all.system, path));
  }

  /** The events from a place on, those to come included; does not end. */
  public Source<FeedRow, NotUsed> live(FeedFilter filter, FeedOffset from) {
    return run(filter, from, () -> completedFuture(Optional.empty()));
  }

  /** The events from a place on that were acknowledged before the source was run. */
  public Source<FeedRow, NotUsed> current(FeedFilter filter, FeedOffset from) {
    return run(filter, from, () -> cut().thenApply(Optional::of));
  }

  /**
   * @param end where to end; found out when the place to begin is known
   */
  private Source<FeedRow, NotUsed> run(
      FeedFilter filter, FeedOffset from, Supplier<CompletionStage<Optional<Cut>>> end) {
    requireWritten();
    return Source.lazyCompletionStage(
            () -> storage.storeId().thenCompose(id -> span(id, from, end)))
        .flatMapConcat(known -> events(filter, known))
        .mapMaterializedValue(ignored -> NotUsed.getInstance());
  }

  private CompletionStage<Span> span(
      String storeId, FeedOffset from, Supplier<CompletionStage<Optional<Cut>>> end) {
    return place(from.checkedFor(storeId))
        .thenCompose(begin -> end.get().thenApply(to -> new Span(storeId, begin, to)));
  }

  private Source<FeedRow, NotUsed> events(FeedFilter filter, Span span) {
    boolean ends = span.end().isPresent();
    EntryReads.Mode mode =
        new EntryReads.Mode(
            filter, ends ? EventPages.Use.byConsumer() : EventPages.Use.bySubscriber());
    return Source.fromGraph(new LogReader(logs, lastRows, settings, measurements, filter, span))
        .via(new FeedPages(reads, mode, settings.maxEventsAhead(), measurements));
  }

  void requireWritten() {
    if (!isWritten) {
      throw new IllegalStateException(
          isWrittenPath
              + " is off: this system keeps no log of what it writes, and none can be read");
    }
  }

  private CompletionStage<Cut> cut() {
    return Cut.atPresent(storage, logs);
  }

  /**
   * The same place, found out if that is still to be done; fails with a {@link
   * ForeignOffsetException} if it is none of this feed.
   */
  public CompletionStage<FeedOffset> find(FeedOffset from) {
    requireWritten();
    return storage
        .storeId()
        .thenCompose(
            id -> {
              Optional<Place> known = from.checkedFor(id).place();
              return known.isPresent()
                  ? checkWriters(known.get()).thenApply(checked -> from)
                  : place(from).thenApply(place -> FeedOffset.of(place).in(id));
            });
  }

  private CompletionStage<Void> checkWriters(Place place) {
    CompletionStage<KnownWriters> writers =
        LogReader.isOf(logs.writers(), place)
            ? completedFuture(logs.writers())
            : logs.readWriters();
    return writers.thenAccept(known -> LogReader.checkPlace(known, place));
  }

  private CompletionStage<Place> place(FeedOffset from) {
    Optional<Place> known = from.place();
    if (known.isPresent()) {
      return completedFuture(known.get());
    }
    Optional<Instant> since = from.since();
    return since.isEmpty()
        ? cut().thenApply(Cut::place)
        : logs.readWriters().thenCompose(all -> new Since(system, storage, since.get()).place(all));
  }

  /** Those of an actor system, by the paths of their stores. */
  private static final class All implements Extension {
    final ExtendedActorSystem system;
    final Map<String, Feed> byStore = new ConcurrentHashMap<>();

    All(ExtendedActorSystem system) {
      this.system = system;
    }
  }

  private static final class Id extends AbstractExtensionId<All> implements ExtensionIdProvider {
    static final Id INSTANCE = new Id();

    @Override
    public All createExtension(ExtendedActorSystem system) {
      return new All(system);
    }

    @Override
    public Id lookup() {
      return this;
    }
  }
}
