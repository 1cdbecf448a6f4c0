// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.run;

import io.holdfast.chaos.history.Event;
import io.holdfast.chaos.history.HistoryWriter;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import io.holdfast.chaos.history.Result;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Reads all streams and the events of all actors when all is over; actors recover once more. */
final class FinalReads {
  private static final int READERS = 4;

  private final Queue<Operation> reads = new ConcurrentLinkedQueue<>();
  private final Map<String, Long> last = new ConcurrentHashMap<>();

  private final class Reader extends Client {
    Reader(int number, Applications applications, HistoryWriter history, Tally tally) {
      super("final-" + number, applications, history, tally, new Random(number));
    }

    @Override
    void step() throws InterruptedException {
      Operation read = reads.poll();
      if (read == null) {
        stop();
        return;
      }
      Outcome outcome = perform(anyApplication(), read);
      if (!(outcome instanceof Outcome.Ok ok)) {
        reads.add(read);
      } else if (ok.result() instanceof Result.Events events) {
        note(read.stream(), events);
      }
    }
  }

  private void note(String stream, Result.Events page) {
    for (Event event : page.events()) {
      last.merge(stream, event.version(), Math::max);
    }
    if (page.continueFrom() > 0) {
      reads.add(Operation.Read.last(stream, page.continueFrom()));
    }
  }

  /** The last version of each stream that has events. */
  Map<String, Long> run(
      Iterable<String> streams,
      List<String> actors,
      Applications applications,
      HistoryWriter history,
      Tally tally)
      throws InterruptedException {
    streams.forEach(stream -> reads.add(Operation.Read.last(stream, 1)));
    for (String actor : actors) {
      reads.add(new Operation.Recover(actor));
      reads.add(Operation.Read.last(actor, 1));
    }
    Map<Thread, Reader> readers = new HashMap<>();
    for (int i = 1; i <= READERS; i++) {
      Reader reader = new Reader(i, applications, history, tally);
      readers.put(new Thread(reader, "final-" + i), reader);
    }
    readers.keySet().forEach(Thread::start);
    for (Thread thread : readers.keySet()) {
      thread.join();
    }
    return last;
  }
}
