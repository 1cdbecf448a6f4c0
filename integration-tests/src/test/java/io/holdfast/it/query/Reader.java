// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.query;

import static io.holdfast.it.Stages.failure;
import static io.holdfast.it.Stages.get;

import io.holdfast.it.journal.JournalSystem;
import io.holdfast.it.journal.TestEvent;
import io.holdfast.query.HoldfastReadJournal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.stream.KillSwitch;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;

/** The read journal of an actor system under test. */
final class Reader {
  private final ActorSystem system;
  private final HoldfastReadJournal journal;

  private Reader(ActorSystem system) {
    this.system = system;
    this.journal =
        PersistenceQuery.get(system)
            .getReadJournalFor(HoldfastReadJournal.class, HoldfastReadJournal.IDENTIFIER);
  }

  static Reader of(JournalSystem journal) {
    return new Reader(journal.system());
  }

  HoldfastReadJournal journal() {
    return journal;
  }

  <T> List<T> all(Source<T, ?> source) {
    return get(source.runWith(Sink.seq(), system));
  }

  /** Everything up to where the source fails, and then what it failed with. */
  <T> List<Object> allAndFailure(Source<T, ?> source) {
    List<Object> all = new CopyOnWriteArrayList<>();
    all.add(failure(source.runForeach(all::add, system), Throwable.class));
    return all;
  }

  <T> SinkQueueWithCancel<T> open(Source<T, ?> source) {
    return source.runWith(Sink.queue(), system);
  }

  /** Runs the source until stopped; its elements go to the list. */
  <T> KillSwitch follow(Source<T, ?> source, List<T> to) {
    return source.viaMat(KillSwitches.single(), Keep.right()).to(Sink.foreach(to::add)).run(system);
  }

  List<EventEnvelope> current(String id, long from, long to) {
    return all(journal.currentEventsByPersistenceId(id, from, to));
  }

  static List<Long> sequenceNrs(List<EventEnvelope> envelopes) {
    return envelopes.stream().map(EventEnvelope::sequenceNr).toList();
  }

  static String text(EventEnvelope envelope) {
    return ((TestEvent) envelope.event()).text();
  }
}
