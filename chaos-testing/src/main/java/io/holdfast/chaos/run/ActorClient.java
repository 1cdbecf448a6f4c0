// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.run;

import io.holdfast.chaos.history.HistoryWriter;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import io.holdfast.chaos.history.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Has one persistent actor after the other, which recovers in this application and then in that,
 * while the former ones still live. Now and then a former one is told to persist, too.
 */
final class ActorClient extends Client {
  /** Where the actor still runs, and knows of no event after these. */
  private record Former(AppProcess application, long version) {}

  private static final int LARGEST_PERSIST = 4;
  private static final int LONGEST = 200;

  private final List<String> used;
  private int actors;
  private long events;
  private @Nullable AppProcess application;
  private @Nullable Former former;
  private long version;

  /**
   * Begins with the first actor.
   *
   * @param used where the ids of its actors are noted; thread-safe
   */
  ActorClient(
      String name,
      Applications applications,
      List<String> used,
      HistoryWriter history,
      Tally tally,
      Random random) {
    super(name, applications, history, tally, random);
    this.used = used;
    used.add(actor());
  }

  private String actor() {
    return "%s-actor-%d".formatted(name(), actors);
  }

  @Override
  void step() throws InterruptedException {
    AppProcess where = application;
    if (where == null || random().nextInt(15) == 0) {
      recover();
      return;
    }
    Former left = former;
    if (left != null && random().nextInt(20) == 0) {
      former = null;
      perform(left.application(), new Operation.Persist(actor(), newIds(), left.version()));
      return;
    }
    Outcome outcome = perform(where, new Operation.Persist(actor(), newIds(), version));
    if (outcome instanceof Outcome.Ok ok && ok.result() instanceof Result.Appended appended) {
      version = appended.last();
    } else {
      application = null;
    }
  }

  private List<String> newIds() {
    List<String> ids = new ArrayList<>();
    for (int i = random().nextInt(LARGEST_PERSIST); i >= 0; i--) {
      events++;
      ids.add(name() + "-" + events);
    }
    return ids;
  }

  private void recover() throws InterruptedException {
    AppProcess before = application;
    long stood = version;
    if (version > LONGEST) {
      actors++;
      used.add(actor());
      former = null;
      before = null;
    }
    AppProcess where = anyApplication();
    if (before != null && !before.equals(where)) {
      former = new Former(before, stood);
    }
    Outcome outcome = perform(where, new Operation.Recover(actor()));
    if (outcome instanceof Outcome.Ok ok && ok.result() instanceof Result.Recovered recovered) {
      application = where;
      version = recovered.version();
    } else {
      application = null;
    }
  }
}
