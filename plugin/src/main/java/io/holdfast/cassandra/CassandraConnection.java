// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import com.datastax.oss.driver.internal.core.config.typesafe.DefaultDriverConfigLoader;
import com.typesafe.config.Config;
import io.holdfast.fence.FenceException;
import io.holdfast.fence.FenceException.Effect;
import io.holdfast.settings.Section;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.actor.ExtensionIdProvider;
import org.apache.pekko.dispatch.Dispatchers;
import org.apache.pekko.dispatch.MessageDispatcher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session of one store in an actor system. It is opened on first use, with retries that the log
 * shows, until Cassandra can be used. Who needs it waits up to {@code connect.timeout} after the
 * first try, or longer while the first one makes tables; from then on, everybody is told at once
 * what the last try has failed with. What no further try would mend is told at once, and tried
 * again when somebody asks after a pause.
 *
 * <p>It is closed in the last phase of the coordinated shutdown before the system ends, when the
 * cluster has been left and all streams are handed over, and when the writes that are under way
 * have ended. What comes later is refused. A shutdown that does not wait for them, because the
 * phase's time is over, closes it all the same when the system has ended.
 */
final class CassandraConnection {
  private static final Logger LOG = LoggerFactory.getLogger(CassandraConnection.class);

  /** How long the answers to the last writes before a shutdown take to their actors, at most. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

  private static final Duration LAST_CHANGES = Duration.ofSeconds(1);

  /** What all stores of an actor system have in common. */
  private static final String READ_LIMITS = Section.DEFAULT_STORE + ".cassandra";

  /** So many attempts are logged at first, and then each after so many. */
  private static final int LOGGED_ATTEMPTS = 10;

  private final ActorSystem system;
  private final CassandraSettings settings;
  private final StorageDemands demands;
  private final Config driver;
  private final ContactPoints contactPoints;

  /** The driver looks up host names and loads classes on the thread that opens a session. */
  private final MessageDispatcher blocking;

  private final WriteSignals writeSignals = new WriteSignals();
  private final LogSignals logSignals = new LogSignals();
  private final ReadBudget reads;
  private final List<Supplier<CompletionStage<Void>>> lastChanges = new CopyOnWriteArrayList<>();

  /** What those who ask now are told, or wait for; null before the first has asked. */
  private volatile @Nullable CompletableFuture<Tables> tables;

  /** Whether a try is under way, or will be. */
  private boolean connecting;

  /** Whether a session was opened, since all this began. */
  private volatile boolean hasAnswered;

  /** What the last attempt has failed with, since all this began. */
  private volatile @Nullable FenceException lastFailure;

  private long beganNanos;
  private long failedNanos;

  private final OperationGate gate = new OperationGate();
  private volatile @Nullable CqlSession session;
  private volatile boolean closed;

  private CassandraConnection(ActorSystem system, CassandraSettings settings, ReadBudget reads) {
    this.system = system;
    this.settings = settings;
    this.reads = reads;
    this.demands = StorageDemands.of(system.settings().config(), settings.store());
    this.driver =
        DriverDefaults.in(system.settings().config().getConfig("datastax-java-driver"), settings);
    this.contactPoints = new ContactPoints(driver);
    this.blocking = system.dispatchers().lookup(Dispatchers.DefaultBlockingDispatcherId());
    system.registerOnTermination(this::close);
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate(),
            settings.store() + "-close-cassandra",
            this::shutDown);
  }

  /**
   * That of a store.
   *
   * @param store the path of its sections
   */
  static CassandraConnection get(ClassicActorSystemProvider system, String store) {
    return Id.INSTANCE.get(system).get(store);
  }

  /** The paths of the stores that an actor system uses. */
  static Set<String> stores(ClassicActorSystemProvider system) {
    return Id.INSTANCE.get(system).stores();
  }

  CassandraSettings settings() {
    return settings;
  }

  WriteSignals writeSignals() {
    return writeSignals;
  }

  LogSignals logSignals() {
    return logSignals;
  }

  ReadBudget reads() {
    return reads;
  }

  /**
   * What is to be done when the system shuts down, after the last change has ended; it may take
   * {@link #LAST_CHANGES}.
   *
   * @return to be run when it is not to be done any more
   */
  Runnable beforeClosing(Supplier<CompletionStage<Void>> change) {
    lastChanges.add(change);
    return () -> lastChanges.remove(change);
  }

  /**
   * Completes when the tables are ready; fails with a {@link FenceException} of effect {@code
   * NONE}.
   */
  CompletionStage<Tables> tables() {
    CompletableFuture<Tables> current = tables;
    return current != null && current.isDone() && !current.isCompletedExceptionally() && !closed
        ? current
        : connected();
  }

  private synchronized CompletionStage<Tables> connected() {
    if (closed) {
      return CompletableFuture.failedFuture(isShutDown());
    }
    CompletableFuture<Tables> current = tables;
    boolean isFailed = current != null && current.isCompletedExceptionally();
    if (current == null || (isFailed && !connecting && hasRested())) {
      LOG.info("Connecting to Cassandra at {}", contactPoints);
      current = new CompletableFuture<>();
      tables = current;
      connecting = true;
      beganNanos = System.nanoTime();
      hasAnswered = false;
      lastFailure = null;
      blocking.execute(() -> attempt(1));
      CompletableFuture<Tables> waiting = current;
      system
          .scheduler()
          .scheduleOnce(settings.connectTimeout(), () -> tellWhoWait(waiting), blocking);
    }
    return current;
  }

  private boolean hasRested() {
    return System.nanoTime() - failedNanos >= settings.connectRetryInterval().toNanos();
  }

  /** Begins a change that consists of several requests, which a shutdown must not tear apart. */
  <T> CompletionStage<T> change(Supplier<CompletionStage<T>> change) {
    return gate.pass(change);
  }

  private CompletionStage<Done> shutDown() {
    CompletableFuture<Void> ended = gate.close();
    // Without a session nothing has been sent, and nothing needs to be waited for.
    CompletionStage<Void> over =
        session == null || ended.isDone()
            ? CompletableFuture.completedFuture(null)
            : ended.thenCompose(none -> answersHaveArrived());
    CompletionStage<Void> changed =
        session == null
            ? CompletableFuture.completedFuture(null)
            : ended.thenCompose(none -> lastChanges());
    return over.thenCompose(none -> changed)
        .thenApply(
            none -> {
              close();
              return Done.getInstance();
            });
  }

  private CompletionStage<Void> lastChanges() {
    return CompletableFuture.allOf(
            lastChanges.stream()
                .map(change -> change.get().toCompletableFuture())
                .toArray(CompletableFuture[]::new))
        .exceptionally(
            failure -> {
              LOG.info("Could not end the log of this node's writer: {}", failure.toString());
              return null;
            })
        .completeOnTimeout(null, LAST_CHANGES.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The last answers are on their way to their actors, which end with the system. */
  private CompletionStage<Void> answersHaveArrived() {
    CompletableFuture<Void> passed = new CompletableFuture<>();
    system.scheduler().scheduleOnce(LAST_ANSWERS, () -> passed.complete(null), blocking);
    return passed;
  }

  private static FenceException isShutDown() {
    return new FenceException(
        "this actor system has closed its connection to Cassandra to shut down", Effect.NONE);
  }

  private void attempt(int attempt) {
    open()
        .whenComplete(
            (opened, failure) -> {
              if (failure == null) {
                LOG.info("Connected to Cassandra, keyspace {}", settings.keyspace());
                tell(CompletableFuture.completedFuture(opened), false);
              } else {
                blocking.execute(() -> failed(attempt, FenceException.causeOf(failure)));
              }
            });
  }

  private void failed(int attempt, Throwable failure) {
    Duration pause = settings.connectRetryInterval();
    if (closed) {
      return;
    }
    if (isMisconfigured(failure)) {
      String message =
          "Cassandra at %s cannot be used: %s".formatted(contactPoints, failure.getMessage());
      tell(
          CompletableFuture.failedFuture(new FenceException(message, Effect.NONE, failure)), false);
      return;
    }
    String error = contactPoints.explain(failure);
    Duration passed = Duration.ofNanos(System.nanoTime() - beganNanos);
    String message =
        ("Cassandra at %s is not ready, after %d s (attempt %d; others follow): %s.%s How long requests wait at"
                + " start for Cassandra says %s (%d s)")
            .formatted(
                contactPoints,
                passed.toSeconds(),
                attempt,
                error,
                hasAnswered ? "" : " Check datastax-java-driver.basic.contact-points.",
                settings.path("cassandra.connect.timeout"),
                settings.connectTimeout().toSeconds());
    FenceException notReady = new FenceException(message, Effect.NONE, failure);
    lastFailure = notReady;
    if (passed.plus(pause).compareTo(settings.connectTimeout()) > 0) {
      tell(CompletableFuture.failedFuture(notReady), true);
    }
    if (attempt <= LOGGED_ATTEMPTS || attempt % LOGGED_ATTEMPTS == 0) {
      LOG.warn(
          "Cassandra at {} is not ready (attempt {}; others follow): {}",
          contactPoints,
          attempt,
          error);
    }
    system.scheduler().scheduleOnce(pause, () -> attempt(attempt + 1), blocking);
  }

  /**
   * An attempt may hang where something accepts connections and says nothing. While the first one
   * makes tables, Cassandra has answered, and those who ask wait for that.
   */
  private void tellWhoWait(CompletableFuture<Tables> waiting) {
    FenceException failure = lastFailure;
    if (waiting.isDone() || (failure == null && hasAnswered)) {
      return;
    }
    // Nothing else changes: an attempt that succeeds at this very moment is what later ones find.
    waiting.completeExceptionally(failure == null ? silence() : failure);
  }

  private FenceException silence() {
    String message =
        ("Cassandra at %s has not answered for %d s (%s); attempts go on. Check"
                + " datastax-java-driver.basic.contact-points, and whether the nodes are frozen or overloaded")
            .formatted(
                contactPoints,
                settings.connectTimeout().toSeconds(),
                settings.path("cassandra.connect.timeout"));
    LOG.warn(message);
    return new FenceException(message, Effect.NONE, new TimeoutException(message));
  }

  /** Tells those who wait, and those who will ask. */
  private void tell(CompletableFuture<Tables> outcome, boolean goesOn) {
    CompletableFuture<Tables> waiting;
    synchronized (this) {
      waiting = tables;
      tables = outcome;
      connecting = goesOn;
      failedNanos = System.nanoTime();
    }
    CompletionStage<Tables> told = outcome;
    if (waiting != null) {
      told.whenComplete(
          (opened, failure) -> {
            if (failure == null) {
              waiting.complete(opened);
            } else {
              waiting.completeExceptionally(failure);
            }
          });
    }
  }

  /** What another attempt would fail with, too. */
  private static boolean isMisconfigured(Throwable failure) {
    return failure instanceof IllegalArgumentException
        || failure instanceof IllegalStateException
        || failure instanceof UnauthorizedException;
  }

  private CompletionStage<Tables> open() {
    try {
      contactPoints.check();
      return CqlSession.builder()
          .withConfigLoader(new DefaultDriverConfigLoader(() -> driver))
          .addSchemaChangeListener(new ReplicationWatch(settings.keyspace()))
          .buildAsync()
          .thenCompose(this::prepare);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletionStage<Tables> prepare(CqlSession opened) {
    hasAnswered = true;
    return new SchemaSetup(opened, settings, demands)
        .run()
        .thenCompose(
            storeId ->
                Statements.prepare(opened, settings)
                    .thenApply(statements -> tables(opened, statements, storeId)))
        .whenComplete(
            (ready, failure) -> {
              if (failure != null || closed) {
                opened.closeAsync();
              }
            });
  }

  private Tables tables(CqlSession opened, Statements statements, String storeId) {
    session = opened;
    Requests requests = new Requests(opened, settings);
    return new Tables(
        new EventsTable(requests, statements, settings, reads),
        new StreamsTable(requests, statements),
        new RevocationsTable(requests, statements),
        new CommitLogTable(requests, statements),
        new WritersTable(requests, statements, address()),
        new SnapshotsTable(requests, statements, reads),
        new SubscriptionsTable(requests, statements),
        new ParkedEventsTable(requests, statements),
        new SettingsTable(requests, statements),
        storeId);
  }

  private String address() {
    return ((ExtendedActorSystem) system).provider().getDefaultAddress().toString();
  }

  /** Nobody waits for the driver, which takes two seconds to end its threads. */
  private void close() {
    closed = true;
    tell(CompletableFuture.failedFuture(isShutDown()), false);
    CqlSession open = session;
    if (open != null) {
      open.closeAsync();
    }
  }

  /** Those of an actor system, by the paths of their stores. */
  private static final class All implements Extension {
    private final ExtendedActorSystem system;
    private final Map<String, CassandraConnection> byStore = new HashMap<>();

    /** All stores read within the memory of one node. */
    private final ReadBudget reads;

    All(ExtendedActorSystem system) {
      this.system = system;
      this.reads =
          new ReadBudget(
              READ_LIMITS,
              CassandraSettings.reads(Section.of(system.settings().config(), READ_LIMITS)),
              system.dispatcher());
      system.registerOnTermination(reads::close);
    }

    synchronized CassandraConnection get(String store) {
      CassandraConnection known = byStore.get(store);
      if (known != null) {
        return known;
      }
      CassandraSettings settings = CassandraSettings.of(system.settings().config(), store);
      for (CassandraConnection other : byStore.values()) {
        if (other.settings.keyspace().equals(settings.keyspace())) {
          throw new IllegalStateException(
              "%s = %s: this actor system has that keyspace open as the store '%s'; give each store a keyspace of its own"
                  .formatted(
                      settings.path("cassandra.keyspace"),
                      settings.keyspace(),
                      other.settings.store()));
        }
      }
      if (!settings.reads().equals(reads.limits())) {
        throw new IllegalArgumentException(
            "%s, max-queued-reads or read-queue-timeout: not as in %s, which bounds the reads of all stores of an actor system together; set them there only"
                .formatted(settings.path("cassandra.max-read-bytes"), READ_LIMITS));
      }
      CassandraConnection opened = new CassandraConnection(system, settings, reads);
      byStore.put(store, opened);
      return opened;
    }

    synchronized Set<String> stores() {
      return Set.copyOf(byStore.keySet());
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
