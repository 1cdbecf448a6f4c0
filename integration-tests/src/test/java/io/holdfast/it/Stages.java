// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it;

import static org.assertj.core.api.Assertions.fail;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Waits for stages, within a time that only a failure uses up. */
public final class Stages {
  private static final long SECONDS = 90;

  private Stages() {}

  public static <T> T get(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(e.getCause());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** The failure of a stage, which must be of that class. */
  public static <E extends Throwable> E failure(CompletionStage<?> stage, Class<E> type) {
    try {
      Object result = stage.toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
      return fail("expected %s, but got %s", type.getSimpleName(), result);
    } catch (ExecutionException e) {
      if (type.isInstance(e.getCause())) {
        return type.cast(e.getCause());
      }
      throw new AssertionError("expected " + type.getSimpleName(), e.getCause());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
