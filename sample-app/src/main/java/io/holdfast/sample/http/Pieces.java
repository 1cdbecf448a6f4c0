// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Hands events on in small pieces. The stages on the way to a client count elements, not bytes: of
 * whole events, each slow client would have several megabytes in its connection.
 */
final class Pieces extends GraphStage<FlowShape<ByteString, ByteString>> {
  private static final int BYTES = 8 << 10;

  /** Sent while the client waits and no event comes. */
  record Heartbeat(Duration interval, ByteString bytes) {}

  private final Inlet<ByteString> in = Inlet.create("Pieces.in");
  private final Outlet<ByteString> out = Outlet.create("Pieces.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final Optional<Heartbeat> heartbeat;

  Pieces() {
    this.heartbeat = Optional.empty();
  }

  Pieces(Heartbeat heartbeat) {
    this.heartbeat = Optional.of(heartbeat);
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private ByteString rest = ByteString.emptyByteString();

    Logic() {
      super(shape);
      setHandlers(
          in,
          out,
          new AbstractInOutHandler() {
            @Override
            public void onPush() {
              rest = grab(in);
              pushPiece();
            }

            @Override
            public void onPull() {
              pushPiece();
            }

            @Override
            public void onUpstreamFinish() {
              if (rest.isEmpty()) {
                completeStage();
              }
            }
          });
    }

    @Override
    public void preStart() {
      heartbeat.ifPresent(beat -> scheduleAtFixedRate(beat, beat.interval(), beat.interval()));
    }

    @Override
    public void onTimer(Object key) {
      if (isAvailable(out) && rest.isEmpty()) {
        heartbeat.ifPresent(beat -> push(out, beat.bytes()));
      }
    }

    private void pushPiece() {
      if (rest.isEmpty()) {
        if (isClosed(in)) {
          completeStage();
        } else if (!hasBeenPulled(in)) {
          pull(in);
        }
        return;
      }
      if (!isAvailable(out)) {
        // A heartbeat has taken the demand.
        return;
      }
      // A copy, so that it does not keep the whole in memory.
      ByteString piece = rest.take(BYTES).compact();
      rest = rest.drop(BYTES);
      push(out, piece);
      if (rest.isEmpty() && isClosed(in)) {
        completeStage();
      }
    }
  }
}
