// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.tracing;

import io.opentelemetry.api.trace.Span;
import java.util.function.Supplier;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/**
 * Lets elements pass, within one span for each run: it is started when the run begins, and ended
 * when that completes, fails, or is cancelled.
 */
final class RunSpan<T> extends GraphStage<FlowShape<T, T>> {
  private final Inlet<T> in = Inlet.create("RunSpan.in");
  private final Outlet<T> out = Outlet.create("RunSpan.out");
  private final FlowShape<T, T> shape = FlowShape.of(in, out);
  private final Supplier<Span> start;

  RunSpan(Supplier<Span> start) {
    this.start = start;
  }

  @Override
  public FlowShape<T, T> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {
    private Span span = Span.getInvalid();
    private long events;
    private boolean ended;

    Logic() {
      super(shape);
      setHandlers(
          in,
          out,
          new AbstractInOutHandler() {
            @Override
            public void onPush() {
              events++;
              push(out, grab(in));
            }

            @Override
            public void onPull() {
              pull(in);
            }

            @Override
            public void onUpstreamFinish() {
              end(Outcome.SUCCESS);
              completeStage();
            }

            @Override
            public void onUpstreamFailure(Throwable failure) {
              Outcome.describeFailure(span, failure);
              end();
              failStage(failure);
            }
          });
    }

    @Override
    public void preStart() {
      span = start.get();
    }

    /** What did not end by itself was cancelled, or its materializer was stopped. */
    @Override
    public void postStop() {
      if (!ended) {
        end(Outcome.CANCELLED);
      }
    }

    private void end(Outcome outcome) {
      outcome.describe(span);
      end();
    }

    private void end() {
      ended = true;
      span.setAttribute(SpanAttributes.EVENT_COUNT, events);
      span.end();
    }
  }
}
