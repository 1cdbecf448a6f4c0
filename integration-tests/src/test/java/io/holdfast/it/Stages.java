// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it;

import static org.assertj.core.api.Assertions.fail;

import io.holdfast.test.Patience;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** Waits for stages, within a time that only a failure uses up. */
public final class Stages {
  private Stages() {}

  public static <T> T get(CompletionStage<T> stage) {
    try {
      return Patience.get(stage);
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
      Object result = Patience.get(stage);
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
