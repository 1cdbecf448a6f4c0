// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.failure;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.eventstore.UnavailableException;
import io.holdfast.eventstore.UnknownOutcomeException;
import io.holdfast.it.SingleTries;
import io.holdfast.it.TestCluster;
import io.holdfast.test.Patience;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.LongStream;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * What one client tried to append to one stream and heard, to be held against what the stream holds
 * in the end.
 */
final class AppendHistory {
  enum Outcome {
    APPENDED,
    UNKNOWN,
    UNAVAILABLE
  }

  /**
   * One batch.
   *
   * @param version the version that was answered; 0 if none
   */
  private record Attempt(List<String> ids, Outcome outcome, long version) {}

  private final String streamId;
  private final List<Attempt> attempts = Collections.synchronizedList(new ArrayList<>());

  AppendHistory(String streamId) {
    this.streamId = streamId;
  }

  String streamId() {
    return streamId;
  }

  long count(Outcome outcome) {
    synchronized (attempts) {
      return attempts.stream().filter(attempt -> attempt.outcome() == outcome).count();
    }
  }

  long failures() {
    return count(Outcome.UNKNOWN) + count(Outcome.UNAVAILABLE);
  }

  /** Appends a batch of events with ids of their own, once, and waits for the answer. */
  Outcome append(SingleTries store, int events) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      ids.add("%s/%d/%d".formatted(streamId, attempts.size(), i));
    }
    Attempt attempt = attempt(store, ids);
    attempts.add(attempt);
    return attempt.outcome();
  }

  private Attempt attempt(SingleTries store, List<String> ids) {
    try {
      long version = Patience.get(store.append(streamId, ids));
      return new Attempt(ids, Outcome.APPENDED, version);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownOutcomeException) {
        return new Attempt(ids, Outcome.UNKNOWN, 0);
      } else if (e.getCause() instanceof UnavailableException) {
        return new Attempt(ids, Outcome.UNAVAILABLE, 0);
      }
      throw new AssertionError("an answer that is none of the three", e.getCause());
    } catch (Exception e) {
      throw new AssertionError("no answer", e);
    }
  }

  /** Holds the stream, as the store reads it, against the answers. */
  void verify(TestCluster.Node node) {
    List<String> stored = read(node);
    List<String> expected = new ArrayList<>();
    for (Attempt attempt : attempts) {
      String first = attempt.ids().get(0);
      int position = stored.indexOf(first);
      if (attempt.outcome() == Outcome.APPENDED) {
        assertThat(position + attempt.ids().size())
            .as("the acknowledged batch of %s, at version %d", first, attempt.version())
            .isEqualTo((int) attempt.version());
      } else if (attempt.outcome() == Outcome.UNAVAILABLE) {
        assertThat(position).as("the batch of %s, said not to be stored", first).isEqualTo(-1);
      }
      if (position >= 0) {
        expected.addAll(attempt.ids());
      }
    }
    // One client that waits for each answer: whole batches, once each, in the order of the
    // attempts, and nothing else.
    assertThat(stored).as("events of %s", streamId).isEqualTo(expected);
  }

  private List<String> read(TestCluster.Node node) {
    List<StreamDomainEvent<?>> events =
        get(
            node.store()
                .streamEvents(streamId, ReadStreamOptions.all())
                .runWith(Sink.seq(), node.system()));
    assertThat(events.stream().map(StreamDomainEvent::version))
        .isEqualTo(LongStream.rangeClosed(1, events.size()).boxed().toList());
    return events.stream().map(StreamDomainEvent::id).toList();
  }

  /**
   * Holds the rows of the table, those behind the stream's version included, against what the store
   * reads.
   */
  void verifyRows(TestCluster.Node node, CqlSession session, String keyspace, int partitionSize) {
    List<String> stored = read(node);
    List<String> rows = new ArrayList<>();
    for (long partitionNr = 0; partitionNr <= stored.size() / partitionSize + 1; partitionNr++) {
      String select =
          "SELECT event_id FROM %s.events WHERE persistence_id = '%s' AND partition_nr = %d"
              .formatted(keyspace, streamId, partitionNr);
      for (Row row : session.execute(select)) {
        rows.add(row.getString(0));
      }
    }
    assertThat(rows).as("rows of %s", streamId).isEqualTo(stored);
  }

  @Override
  public String toString() {
    return "%s: %d appended, %d unknown, %d unavailable"
        .formatted(
            streamId, count(Outcome.APPENDED), count(Outcome.UNKNOWN), count(Outcome.UNAVAILABLE));
  }
}
