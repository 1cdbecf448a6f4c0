// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import com.typesafe.config.Config;
import io.holdfast.cassandra.CassandraStorage;
import io.holdfast.cassandra.EventPages;
import io.holdfast.cassandra.EventRow;
import io.holdfast.cassandra.PersistenceIds;
import io.holdfast.fence.Batch;
import io.holdfast.fence.FenceClock;
import io.holdfast.fence.FenceException;
import io.holdfast.fence.Recovered;
import io.holdfast.fence.Writer;
import io.holdfast.journal.Replays.Replay;
import io.holdfast.metrics.Measurements;
import io.holdfast.metrics.Operation;
import io.holdfast.metrics.Outcome;
import io.holdfast.metrics.Quantity;
import io.holdfast.serialization.RecordedEvent;
import io.holdfast.settings.Section;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pekko.actor.ActorIdentity;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.japi.pf.ReceiveBuilder;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.JournalProtocol.ReplayMessages;
import org.apache.pekko.persistence.JournalProtocol.WriteMessages;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.PartialFunction;
import scala.collection.immutable.Seq;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * The journal {@code holdfast.journal}. Public because Pekko creates it by name; configure it, do
 * not call it.
 *
 * <p>This class is the actor's side only: it turns Pekko's requests into batches and pages. Who may
 * write is the {@link Writer}'s business, how it is stored the {@link CassandraStorage}'s. Requests
 * of different actors run side by side; the writer keeps those of one actor in order, a recovery
 * that overtakes a write of the previous incarnation included.
 */
public final class HoldfastJournal extends AsyncWriteJournal {
  private enum Maintain {
    INSTANCE
  }

  /** What a request is to write. */
  private record Span(String persistenceId, long first, long last) {}

  private static final Logger LOG = LoggerFactory.getLogger(HoldfastJournal.class);
  private static final Duration MAINTENANCE_INTERVAL = Duration.ofSeconds(5);

  /** If the settings are wrong; nothing else but the path is set then. */
  private @Nullable Refusal refusal;

  private final String path;

  private CassandraStorage storage;
  private JournalSettings settings;
  private EventMapper mapper;
  private Measurements measurements;
  private WriterLog writerLog;
  private FenceClock clock;
  private Executor executor;

  private Duration callTimeout;
  private WriteRequests requests;
  private final Replays replays = new Replays(self());

  private CurrentWriter writer;
  private @Nullable ReplayMessages recovery;
  private Cancellable maintenance = Cancellable.alreadyCancelled();
  private Runnable forgetWriter = () -> {};

  /**
   * @param config the journal's section of the configuration
   * @param path where the section stands
   */
  @SuppressWarnings("NullAway.Init") // see refusal
  public HoldfastJournal(Config config, String path) {
    this.path = path;
    try {
      initialize(config);
    } catch (RuntimeException wrong) {
      refusal = new Refusal(path, wrong);
    }
  }

  private void initialize(Config config) {
    ActorSystem system = context().system();
    this.storage =
        new CassandraStorage(system, Section.storeAround(system.settings().config(), path));
    this.settings = JournalSettings.of(Section.at(config, path), storage.partitionSize());
    this.callTimeout = config.getDuration("circuit-breaker.call-timeout");
    this.requests =
        new WriteRequests(
            config.getConfig("circuit-breaker"), context().system().scheduler(), self());
    this.measurements = Measurements.get(context().system());
    this.executor = context().system().dispatcher();
    this.clock =
        FenceClock.of(
            context()
                .system()
                .settings()
                .setup()
                .get(JournalSetup.class)
                .map(JournalSetup::clock)
                .orElse(InstantSource.system()));
    this.mapper = new EventMapper(context().system(), clock.wall());
    this.writerLog = new WriterLog(clock.nanoTime());
    this.writer = new CurrentWriter(this::newWriter);
  }

  private Writer<EventRow> newWriter(@Nullable Writer<EventRow> predecessor) {
    UUID id = CassandraStorage.newWriterId();
    return new Writer<>(
        id,
        storage,
        clock,
        settings.writer(),
        new WriterEvents(id, measurements, writerLog),
        predecessor);
  }

  @Override
  public void preStart() throws Exception {
    super.preStart();
    if (refusal != null) {
      return;
    }
    // Failures are told to whoever asks first.
    storage.connect();
    forgetWriter = storage.beforeClosing(writer::end);
    DowningCheck.warnIfMissing(context().system());
    maintenance =
        context()
            .system()
            .scheduler()
            .scheduleWithFixedDelay(
                MAINTENANCE_INTERVAL,
                MAINTENANCE_INTERVAL,
                self(),
                Maintain.INSTANCE,
                context().dispatcher(),
                self());
    if (!settings.writer().fencing()) {
      LOG.warn(
          "{}.fencing is off: two live writers of one stream will lose acknowledged events of each other",
          path);
    }
  }

  /**
   * Also called before a restart, when another instance takes this one's place: what is under way
   * here is answered all the same.
   */
  @Override
  public void postStop() throws Exception {
    if (refusal == null) {
      maintenance.cancel();
      writerLog.close();
      writer.close();
      requests
          .close()
          .thenCompose(answered -> writer.end())
          .whenComplete((ended, failure) -> forgetWriter.run());
    }
    super.postStop();
  }

  @Override
  public PartialFunction<Object, BoxedUnit> receivePluginInternal() {
    return ReceiveBuilder.create()
        .match(OwnerRequest.class, this::onOwnerRequest)
        .match(ActorIdentity.class, Replays::onIdentity)
        .matchEquals(Maintain.INSTANCE, ignored -> maintain())
        .build()
        .onMessage();
  }

  private void onOwnerRequest(OwnerRequest request) {
    begin(request)
        .whenComplete(
            (answer, failure) ->
                request
                    .replyTo()
                    .tell(
                        failure == null
                            ? answer
                            : new OwnerAnswer.Failed(
                                request.correlation(),
                                Answers.translate(FenceException.causeOf(failure))),
                        ActorRef.noSender()));
  }

  private CompletionStage<OwnerAnswer> begin(OwnerRequest request) {
    try {
      return carryOut(request);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletionStage<OwnerAnswer> carryOut(OwnerRequest request) {
    String persistenceId = request.persistenceId();
    if (request instanceof OwnerRequest.Append append) {
      return append(append);
    }
    if (request instanceof OwnerRequest.Confirm) {
      return writer
          .use(w -> w.confirm(persistenceId))
          .thenApply(done -> new OwnerAnswer.Confirmed(request.correlation()));
    }
    CompletionStage<Recovered> state =
        request instanceof OwnerRequest.Change change
            ? Stopwatch.start(measurements, Operation.DELETION)
                .stopAfter(
                    storage.change(
                        () ->
                            writer.use(
                                w ->
                                    w.change(
                                        persistenceId, change.deleteTo(), change.properties()))))
            : Stopwatch.start(measurements, Operation.RECOVERY)
                .stopAfter(writer.use(w -> w.recover(persistenceId)));
    return state.thenApply(
        now ->
            new OwnerAnswer.State(
                request.correlation(), now.highestSequenceNr(), now.deletedTo(), now.properties()));
  }

  private void maintain() {
    requests.expire();
    writerLog.sumUp();
    writer
        .maintain()
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.debug("Writer could not read its revocations; it will try again", failure);
              }
            });
  }

  /**
   * For who calls the plugin's SPI; requests of actors go past it, see {@link
   * #write(WriteMessages)}.
   */
  @Override
  public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(
      Iterable<AtomicWrite> messages) {
    return Answers.of(write(messages));
  }

  private void write(WriteMessages request) {
    requests.carryOut(
        request,
        () -> {
          Seq<AtomicWrite> adapted;
          try {
            adapted = preparePersistentBatch(request.messages());
          } catch (VirtualMachineError fatal) {
            throw fatal;
          } catch (Throwable thrown) { // by an event adapter
            return CompletableFuture.completedFuture(
                Collections.nCopies(
                    request.messages().size(), Optional.of(WritePlan.rejection(thrown))));
          }
          return adapted.isEmpty()
              ? CompletableFuture.completedFuture(List.of())
              : write(CollectionConverters.asJava(adapted));
        });
  }

  private CompletionStage<List<Optional<Exception>>> write(Iterable<AtomicWrite> messages) {
    AtomicWrite first = messages.iterator().next();
    AtomicWrite last = first;
    for (AtomicWrite next : messages) {
      last = next;
    }
    return write(
            new Span(first.persistenceId(), first.lowestSequenceNr(), last.highestSequenceNr()),
            plan(messages))
        .thenApply(WritePlan::rejections);
  }

  private CompletionStage<OwnerAnswer> append(OwnerRequest.Append request) {
    String persistenceId = request.persistenceId();
    List<EventRow> rows = new ArrayList<>(request.events().size());
    long sequenceNr = request.highestSequenceNr();
    for (RecordedEvent event : request.events()) {
      sequenceNr++;
      rows.add(EventMapper.toRow(persistenceId, sequenceNr, event));
    }
    WritePlan plan = WritePlan.of(rows, settings);
    Span span = new Span(persistenceId, request.highestSequenceNr() + 1, sequenceNr);
    return requests
        .guarded(() -> write(span, CompletableFuture.completedFuture(plan)))
        .thenApply(
            written ->
                written.rejections().isEmpty()
                    ? new OwnerAnswer.Appended(request.correlation())
                    : new OwnerAnswer.Rejected(
                        request.correlation(), written.rejections().get(0).orElseThrow()));
  }

  private CompletionStage<WritePlan> write(Span span, CompletableFuture<WritePlan> plan) {
    Stopwatch stopwatch = Stopwatch.start(measurements, Operation.WRITE);
    // In the stream's order from here on, though its events may be serialized later: a recovery of
    // the actor that is asked for meanwhile waits.
    return storage
        .change(
            () ->
                writer.use(w -> w.write(span.persistenceId(), plan.thenApply(WritePlan::batches))))
        .thenCombine(plan, (written, planned) -> planned)
        .whenComplete((planned, failure) -> ended(span, stopwatch, planned, failure));
  }

  /** Few serializers are asynchronous; only for these a timer is worth its price. */
  private CompletableFuture<WritePlan> plan(Iterable<AtomicWrite> messages) {
    CompletableFuture<WritePlan> plan = WritePlan.of(messages, mapper, settings);
    return plan.isDone() ? plan : plan.orTimeout(callTimeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void ended(
      Span span, Stopwatch stopwatch, @Nullable WritePlan written, @Nullable Throwable failure) {
    if (written == null) {
      Outcome outcome = Stopwatch.outcome(Operation.WRITE, failure);
      if (outcome == Outcome.UNKNOWN && failure != null) {
        writerLog.unknown(
            span.persistenceId(), span.first(), span.last(), FenceException.causeOf(failure));
      }
      stopwatch.stop(outcome);
      return;
    }
    stopwatch.stop(written.rejections().isEmpty() ? Outcome.SUCCESS : Outcome.REJECTED);
    if (measurements.isBound()) {
      for (Batch<EventRow> batch : written.batches()) {
        measurements.add(Quantity.BATCH_EVENTS, batch.rows().size());
        measurements.add(
            Quantity.BATCH_BYTES, batch.rows().stream().mapToLong(WritePlan::sizeInBytes).sum());
      }
    }
  }

  @Override
  public void aroundReceive(PartialFunction<Object, BoxedUnit> receive, Object message) {
    if (refusal != null) {
      refusal.answer(message, sender(), self());
      return;
    }
    if (message instanceof WriteMessages request) {
      write(request);
      return;
    }
    if (message instanceof ReplayMessages request) {
      recovery = request;
    }
    super.aroundReceive(receive, message);
  }

  /** Pekko calls this while it receives the request to replay, and the replay after it. */
  @Override
  public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
    ReplayMessages request = recovery;
    return Answers.of(
        Stopwatch.start(measurements, Operation.RECOVERY)
            .stopAfter(writer.use(w -> w.recover(PersistenceIds.checked(persistenceId))))
            .thenApply(
                recovered -> {
                  if (request != null && request.persistenceId().equals(persistenceId)) {
                    replays.expect(request, recovered.highestSequenceNr());
                  }
                  return recovered.highestSequenceNr();
                }));
  }

  @Override
  public Future<Void> doAsyncReplayMessages(
      String persistenceId,
      long fromSequenceNr,
      long toSequenceNr,
      long max,
      Consumer<PersistentRepr> replay) {
    Replay running = replays.begin(persistenceId);
    if (max <= 0) {
      return Answers.of(CompletableFuture.completedFuture(null));
    }
    Stopwatch stopwatch = Stopwatch.start(measurements, Operation.REPLAY);
    return Answers.of(
        stopwatch.stopAfter(
            writer
                .use(w -> w.current(persistenceId))
                .thenCompose(
                    stream -> {
                      long from = Math.max(Math.max(1, fromSequenceNr), stream.deletedTo() + 1);
                      long to = Math.min(toSequenceNr, stream.highestSequenceNr());
                      return storage.readEvents(
                          persistenceId,
                          new EventPages.Range(from, to, max, settings.replayPageSize(), false),
                          EventPages.Use.byNode(settings.replayPatience()));
                    })
                .thenCompose(pages -> replay(pages, max, replay, running))));
  }

  private CompletionStage<Void> replay(
      EventPages pages, long max, Consumer<PersistentRepr> replay, Replay running) {
    return replayNext(pages, max, replay, running)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                pages.close();
              }
            });
  }

  /** A page is held until it is taken; nobody waits for that of the last one. */
  private CompletionStage<Void> replayNext(
      EventPages pages, long max, Consumer<PersistentRepr> replay, Replay running) {
    return pages
        .next()
        .thenComposeAsync(
            page -> {
              if (page.isEmpty()) {
                pages.close();
                return CompletableFuture.completedFuture(null);
              }
              List<EventRow> rows = page.get();
              List<CompletableFuture<PersistentRepr>> events =
                  rows.stream().limit(max).map(mapper::toRepr).toList();
              measurements.add(Quantity.REPLAYED_EVENTS, events.size());
              return CompletableFuture.allOf(events.toArray(CompletableFuture[]::new))
                  .handle((done, failure) -> readable(events))
                  .thenComposeAsync(
                      readable -> {
                        CompletionStage<Void> taken =
                            running.send(() -> replay(rows, events.subList(0, readable), replay));
                        if (readable < events.size()) {
                          return taken.thenCompose(
                              done -> events.get(readable).<Void>thenApply(never -> null));
                        }
                        if (pages.hasNext()) {
                          return taken.thenCompose(
                              done -> replayNext(pages, max - rows.size(), replay, running));
                        }
                        taken.whenComplete((last, stopped) -> pages.close());
                        return CompletableFuture.completedFuture(null);
                      },
                      executor);
            },
            executor);
  }

  /** How many events stand before the first one that could not be read. */
  private static int readable(List<CompletableFuture<PersistentRepr>> events) {
    int readable = 0;
    while (readable < events.size() && !events.get(readable).isCompletedExceptionally()) {
      readable++;
    }
    return readable;
  }

  /** The consumer runs the actor's event adapter. */
  private static void replay(
      List<EventRow> rows,
      List<CompletableFuture<PersistentRepr>> events,
      Consumer<PersistentRepr> replay) {
    for (int i = 0; i < events.size(); i++) {
      rows.get(i).named(events.get(i).thenAccept(replay)).join();
    }
  }

  @Override
  public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
    return Answers.of(
        Stopwatch.start(measurements, Operation.DELETION)
            .stopAfter(
                storage.change(
                    () ->
                        writer.use(
                            w ->
                                w.deleteTo(PersistenceIds.checked(persistenceId), toSequenceNr)))));
  }
}
