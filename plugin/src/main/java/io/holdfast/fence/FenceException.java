// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * An operation on a stream failed. {@link #effect()} says whether it may have taken place all the
 * same.
 */
public final class FenceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What a failed operation may have left behind. */
  public enum Effect {
    /** Nothing was stored, and nothing of it will be. */
    NONE,
    /** It may have been stored, or may be yet. */
    UNKNOWN
  }

  private final Effect effect;

  public FenceException(String message, Effect effect, @Nullable Throwable cause) {
    super(message, cause);
    this.effect = requireNonNull(effect, "effect");
  }

  public FenceException(String message, Effect effect) {
    this(message, effect, null);
  }

  public Effect effect() {
    return effect;
  }

  /** The failure of a step before anything was written that matters. */
  static FenceException withoutEffect(Throwable failure) {
    return of(failure, Effect.NONE);
  }

  /**
   * The failure of a step, harmless in itself, after which nobody can tell whether the rest holds.
   */
  static FenceException ofUnknownEffect(Throwable failure) {
    return of(failure, Effect.UNKNOWN);
  }

  private static FenceException of(Throwable failure, Effect effect) {
    Throwable cause = causeOf(failure);
    return new FenceException(String.valueOf(cause.getMessage()), effect, cause);
  }

  /** What a stage failed with, without the wrapper that dependent stages put around it. */
  public static Throwable causeOf(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
