// SPDX-License-Identifier: Apache-2.0
package io.holdfast.query;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.jspecify.annotations.Nullable;

/**
 * Emits what pages hold, and asks for the next page when the one before is used up, not earlier:
 * {@code unfoldResourceAsync} runs apart from its consumer, with a buffer of many pages between.
 */
final class PageSource<P, T> extends GraphStage<SourceShape<List<T>>> {
  private final Outlet<List<T>> out = Outlet.create("PageSource.out");
  private final SourceShape<List<T>> shape = SourceShape.of(out);

  private final Supplier<CompletionStage<P>> open;
  private final Function<P, CompletionStage<Optional<List<T>>>> next;
  private final Consumer<P> close;

  private PageSource(
      Supplier<CompletionStage<P>> open,
      Function<P, CompletionStage<Optional<List<T>>>> next,
      Consumer<P> close) {
    this.open = open;
    this.next = next;
    this.close = close;
  }

  /**
   * @param open the pages for a run of the source
   * @param next the next page; empty at the end
   * @param close what is to be done with the pages at the end, however it comes about
   */
  static <P, T> Source<T, NotUsed> of(
      Supplier<CompletionStage<P>> open,
      Function<P, CompletionStage<Optional<List<T>>>> next,
      Consumer<P> close) {
    return Source.fromGraph(new PageSource<>(open, next, close))
        .via(new OneByOne<>((List<T> page) -> page));
  }

  @Override
  public SourceShape<List<T>> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {
    private final AsyncCallback<Runnable> callback = createAsyncCallback(Runnable::run);
    private @Nullable CompletionStage<P> opening;

    Logic() {
      super(shape);
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              CompletionStage<P> pages = opening == null ? open.get() : opening;
              opening = pages;
              pages
                  .thenCompose(next)
                  .whenComplete((page, failure) -> callback.invoke(() -> found(page, failure)));
            }
          });
    }

    private void found(Optional<List<T>> page, @Nullable Throwable failure) {
      if (failure != null) {
        failStage(failure);
      } else if (page.isPresent()) {
        push(out, page.get());
      } else {
        completeStage();
      }
    }

    @Override
    public void postStop() {
      CompletionStage<P> pages = opening;
      if (pages != null) {
        pages.thenAccept(close);
      }
    }
  }
}
