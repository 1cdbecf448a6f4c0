// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.actor.ExtensionIdProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what one actor system's journal, snapshot store and event store report, and passes it to
 * whatever is bound; while nothing is, it costs a read of a field. Public for Holdfast's own
 * packages; applications use {@link HoldfastMetrics}. A registry that throws fails no operation.
 * Thread-safe.
 */
public final class Measurements implements Extension {
  private static final Logger LOG = LoggerFactory.getLogger(Measurements.class);

  private final AtomicBoolean told = new AtomicBoolean();
  private final Set<Object> bound = new HashSet<>();
  private volatile List<Recorder> recorders = List.of();

  private Measurements() {}

  /** The measurements of an actor system. */
  public static Measurements get(ClassicActorSystemProvider system) {
    return Id.INSTANCE.get(system);
  }

  /** Whether anybody listens, for what would cost something to find out. */
  public boolean isBound() {
    return !recorders.isEmpty();
  }

  /**
   * An operation has ended.
   *
   * @param nanos how long it took
   */
  public void completed(Operation operation, Outcome outcome, long nanos) {
    for (Recorder recorder : recorders) {
      try {
        recorder.completed(operation, outcome, nanos);
      } catch (RuntimeException e) {
        tellOnce(e);
      }
    }
  }

  /** Adds to what is counted. */
  public void add(Quantity quantity, long amount) {
    for (Recorder recorder : recorders) {
      try {
        recorder.add(quantity, amount);
      } catch (RuntimeException e) {
        tellOnce(e);
      }
    }
  }

  private void tellOnce(RuntimeException failure) {
    if (told.compareAndSet(false, true)) {
      LOG.warn("A meter registry fails, and misses measurements. This is logged once", failure);
    }
  }

  /** Binds a recorder, unless that target has one. */
  synchronized void bind(Object target, Supplier<Recorder> recorder) {
    if (bound.add(target)) {
      List<Recorder> all = new ArrayList<>(recorders);
      all.add(recorder.get());
      recorders = List.copyOf(all);
    }
  }

  private static final class Id extends AbstractExtensionId<Measurements>
      implements ExtensionIdProvider {
    static final Id INSTANCE = new Id();

    @Override
    public Measurements createExtension(ExtendedActorSystem system) {
      return new Measurements();
    }

    @Override
    public Id lookup() {
      return this;
    }
  }
}
