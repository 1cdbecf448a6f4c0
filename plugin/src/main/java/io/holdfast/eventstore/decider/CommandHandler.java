// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.decider;

import static java.util.Objects.requireNonNull;

import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.AppendBatchResult;
import io.holdfast.eventstore.ConcurrencyException;
import io.holdfast.eventstore.EventMetadata;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.ReadStreamResult;
import io.holdfast.eventstore.StreamDomainEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Handles commands to streams: reads the stream, folds its events, decides, and appends what was
 * decided in one atomic write at exactly the version that was folded (0 for a new stream). If
 * someone else was faster, it reads what is new, folds on, and decides again, after a short random
 * pause and a limited number of times. So every command is decided on all events before its own,
 * whoever else writes to the stream, from whatever node.
 *
 * <p>Immutable and thread-safe; does not block. The decider runs on threads of the event store. At
 * most 1,000 events of a stream are in memory at a time, and nothing is kept between commands.
 *
 * <pre>{@code
 * CommandHandler<Post, Long, AccountEvent> accounts =
 *     CommandHandler.of(store, new Account(), AccountEvent.class);
 * accounts.handle("account-17", new Post(-30)).thenAccept(decided -> show(decided.state()));
 * }</pre>
 */
public final class CommandHandler<C, S, E> {
  private static final int DEFAULT_MAX_ATTEMPTS = 10;
  private static final int PAGE_EVENTS = 1_000;
  private static final long FIRST_PAUSE_MILLIS = 10;
  private static final long LONGEST_PAUSE_MILLIS = 500;

  private final EventStore store;
  private final Decider<C, S, E> decider;
  private final Class<E> eventType;
  private final int maxAttempts;

  private CommandHandler(
      EventStore store, Decider<C, S, E> decider, Class<E> eventType, int maxAttempts) {
    this.store = requireNonNull(store, "store");
    this.decider = requireNonNull(decider, "decider");
    this.eventType = requireNonNull(eventType, "eventType");
    this.maxAttempts = maxAttempts;
  }

  /**
   * A handler that decides a command up to 10 times.
   *
   * @param store a store whose serializer has names for the events' classes
   * @param eventType what all events of the streams are instances of
   */
  public static <C, S, E> CommandHandler<C, S, E> of(
      EventStore store, Decider<C, S, E> decider, Class<E> eventType) {
    return new CommandHandler<>(store, decider, eventType, DEFAULT_MAX_ATTEMPTS);
  }

  /**
   * This handler with another bound on how often a command is decided. Of the commands that meet on
   * a stream one wins each time: a stream that many write to at once needs more attempts.
   *
   * @param attempts at least 1, which never tries again
   */
  public CommandHandler<C, S, E> withMaxAttempts(int attempts) {
    if (attempts < 1) {
      throw new IllegalArgumentException(
          "maxAttempts is %d; a command is decided at least once".formatted(attempts));
    }
    return new CommandHandler<>(store, decider, eventType, attempts);
  }

  /** Handles a command whose events carry no metadata; see the other {@code handle}. */
  public CompletionStage<Decided<S, E>> handle(String streamId, C command) {
    return handle(streamId, command, EventMetadata.empty());
  }

  /**
   * Handles one command. When the stage completes, the events are stored.
   *
   * @param metadata what all events of the command carry, for example {@link
   *     EventMetadata#causedBy}
   * @return fails, unwrapped, with
   *     <ul>
   *       <li>the very exception that {@code decide} or {@code evolve} threw; nothing is written
   *           then;
   *       <li>the last {@link ConcurrencyException} if every attempt met one; nothing is written
   *           then;
   *       <li>{@link ClassCastException} if an event of the stream is no {@code eventType}; nothing
   *           is written then;
   *       <li>any other exception of the store, which is not tried again. After an {@link
   *           io.holdfast.eventstore.UnknownOutcomeException} the events may be stored: whoever
   *           repeats the command then should have a decider that knows it again.
   *     </ul>
   */
  public CompletionStage<Decided<S, E>> handle(String streamId, C command, EventMetadata metadata) {
    Handling handling = new Handling(streamId, command, metadata);
    handling.read();
    return handling.result;
  }

  /**
   * The longest pause before the next attempt. The pause is drawn evenly from 0 up to here ("full
   * jitter"), so that commands that met once do not meet again.
   */
  static long maxPauseMillis(int attempt) {
    return Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(attempt - 1, 16));
  }

  /**
   * One command under way. One step runs at a time and starts the next, so that each sees what the
   * one before has written.
   */
  private final class Handling {
    private final CompletableFuture<Decided<S, E>> result = new CompletableFuture<>();
    private final String streamId;
    private final C command;
    private final EventMetadata metadata;
    private S state = decider.initialState();
    private long version;
    private int attempt = 1;

    Handling(String streamId, C command, EventMetadata metadata) {
      this.streamId = requireNonNull(streamId, "streamId");
      this.command = requireNonNull(command, "command");
      this.metadata = requireNonNull(metadata, "metadata");
    }

    void read() {
      ReadStreamOptions unread =
          ReadStreamOptions.all().fromVersion(version + 1).limit(PAGE_EVENTS);
      ask(() -> store.readStream(streamId, unread), this::fold, result::completeExceptionally);
    }

    private void fold(ReadStreamResult read) {
      for (StreamDomainEvent<?> event : read.events()) {
        state = decider.evolve(state, event.payloadAs(eventType));
      }
      // The stream's last events may be deleted, or too old to be kept.
      version = read.continueFrom().orElse(read.currentVersion() + 1) - 1;
      if (read.continueFrom().isPresent()) {
        read();
      } else {
        decide();
      }
    }

    private void decide() {
      List<E> events = List.copyOf(decider.decide(command, state));
      if (events.isEmpty()) {
        result.complete(new Decided<>(List.of(), state, version));
        return;
      }
      S next = state; // Before the append: an event that does not fold must not be stored.
      for (E event : events) {
        next = decider.evolve(next, event);
      }
      append(events, next);
    }

    private void append(List<E> events, S next) {
      List<NewEvent<E>> batch =
          events.stream().map(event -> NewEvent.of(event).withMetadata(metadata)).toList();
      AppendBatchInput input = AppendBatchInput.of(streamId, batch).withExpectedVersion(version);
      ask(
          () -> store.appendBatch(input),
          appended ->
              result.complete(new Decided<>(stored(appended), next, appended.currentVersion())),
          this::tryAgain);
    }

    @SuppressWarnings("unchecked") // The payloads are the objects that were given.
    private List<StreamDomainEvent<E>> stored(AppendBatchResult appended) {
      return (List<StreamDomainEvent<E>>) (List<?>) appended.events();
    }

    private void tryAgain(Throwable failure) {
      if (failure instanceof ConcurrencyException && attempt < maxAttempts) {
        long pauseMillis = ThreadLocalRandom.current().nextLong(maxPauseMillis(attempt) + 1);
        attempt++;
        CompletableFuture.delayedExecutor(pauseMillis, TimeUnit.MILLISECONDS).execute(this::read);
      } else {
        result.completeExceptionally(failure);
      }
    }

    /** Asks the store and goes on with its answer; whatever is thrown on the way is the result. */
    private <T> void ask(
        Supplier<CompletionStage<T>> question, Consumer<T> next, Consumer<Throwable> failed) {
      try {
        question
            .get()
            .whenComplete(
                (answer, failure) -> {
                  try {
                    if (failure == null) {
                      next.accept(answer);
                    } else {
                      failed.accept(unwrap(failure));
                    }
                  } catch (Throwable thrown) {
                    result.completeExceptionally(thrown);
                  }
                });
      } catch (RuntimeException thrown) {
        result.completeExceptionally(thrown);
      }
    }
  }

  private static Throwable unwrap(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
