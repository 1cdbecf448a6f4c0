// SPDX-License-Identifier: Apache-2.0
package io.holdfast.query;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;

/** Emits what pages hold, and asks for the next page when the one before is used up. */
final class PageSource {
  private PageSource() {}

  /**
   * @param pages for one run of the source
   * @param next the next page; empty at the end
   */
  static <P, T> Source<T, NotUsed> of(
      P pages, Function<P, CompletionStage<Optional<List<T>>>> next) {
    return Source.unfoldAsync(
            pages,
            open -> next.apply(open).thenApply(page -> page.map(found -> Pair.create(open, found))))
        .mapConcat(found -> found);
  }
}
