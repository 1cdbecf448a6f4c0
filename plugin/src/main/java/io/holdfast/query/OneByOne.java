// SPDX-License-Identifier: Apache-2.0
package io.holdfast.query;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import java.util.function.Function;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.Supervision;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import scala.Function1;

/**
 * Emits what a function makes of each element, one by one. As {@code mapConcat}, with its
 * supervision, but it keeps nothing of what it has emitted: a slow reader would hold it until the
 * next element comes.
 */
public final class OneByOne<I, O> extends GraphStage<FlowShape<I, O>> {
  private final Inlet<I> in = Inlet.create("OneByOne.in");
  private final Outlet<O> out = Outlet.create("OneByOne.out");
  private final FlowShape<I, O> shape = FlowShape.of(in, out);
  private final Function<I, ? extends Collection<? extends O>> elements;

  public OneByOne(Function<I, ? extends Collection<? extends O>> elements) {
    this.elements = elements;
  }

  @Override
  public FlowShape<I, O> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic(attributes);
  }

  private final class Logic extends GraphStageLogic {
    private final Queue<O> left = new ArrayDeque<>();

    Logic(Attributes attributes) {
      super(shape);
      Function1<Throwable, Supervision.Directive> decider =
          attributes.getMandatoryAttribute(ActorAttributes.SupervisionStrategy.class).decider();
      setHandlers(
          in,
          out,
          new AbstractInOutHandler() {
            @Override
            public void onPush() {
              try {
                left.addAll(elements.apply(grab(in)));
              } catch (RuntimeException e) {
                if (Supervision.stop().equals(decider.apply(e))) {
                  failStage(e);
                  return;
                }
              }
              emitNext();
            }

            @Override
            public void onPull() {
              emitNext();
            }

            @Override
            public void onUpstreamFinish() {
              if (left.isEmpty()) {
                completeStage();
              }
            }
          });
    }

    private void emitNext() {
      O next = left.poll();
      if (next != null) {
        push(out, next);
      }
      if (isClosed(in)) {
        if (left.isEmpty()) {
          completeStage();
        }
      } else if (next == null) {
        pull(in);
      }
    }
  }
}
