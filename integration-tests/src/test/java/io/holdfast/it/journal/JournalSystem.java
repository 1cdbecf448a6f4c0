// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.holdfast.it.TestConfig;
import io.holdfast.journal.JournalSetup;
import io.holdfast.test.Patience;
import io.holdfast.testkit.CassandraExtension;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.DeleteMessagesFailure;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.JournalProtocol;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.PersistentEnvelope;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

/**
 * An actor system with the journal under test, whose protocol the tests speak as a persistent actor
 * does.
 */
public final class JournalSystem implements AutoCloseable {
  /**
   * What the journal said to one request to write.
   *
   * @param stored the sequence numbers that it acknowledged
   * @param rejected why it rejected the others
   * @param failure why all failed, if they did
   */
  public record Written(
      List<Long> stored, Map<Long, Throwable> rejected, @Nullable Throwable failure) {}

  /** What the journal replayed. */
  public record Replayed(List<PersistentRepr> events, long highestSequenceNr) {
    public List<Long> sequenceNrs() {
      return events.stream().map(PersistentRepr::sequenceNr).toList();
    }

    public List<String> texts() {
      return events.stream().map(event -> ((TestEvent) event.payload()).text()).toList();
    }
  }

  private static final String WRITER_UUID = "f6a7e2de-writer";

  private final ActorSystem system;
  private final ActorRef journal;

  private JournalSystem(ActorSystem system) {
    this.system = system;
    this.journal = Persistence.get(system).journalFor("holdfast.journal", ConfigFactory.empty());
  }

  public static JournalSystem start(
      CassandraExtension cassandra, String keyspace, String settings) {
    return new JournalSystem(
        ActorSystem.create(
            "journal",
            TestConfig.journal(cassandra, keyspace, TestEventSerializer.SETTINGS + settings)));
  }

  /** The same, with another wall clock. */
  public static JournalSystem start(
      CassandraExtension cassandra, String keyspace, InstantSource clock) {
    Config config = TestConfig.journal(cassandra, keyspace, TestEventSerializer.SETTINGS);
    return new JournalSystem(
        ActorSystem.create(
            "journal",
            ActorSystemSetup.create(BootstrapSetup.create(config), new JournalSetup(clock))));
  }

  public ActorSystem system() {
    return system;
  }

  /**
   * Makes the journal's actor throw, upon which Pekko restarts it, after what it was sent before.
   */
  public void restart() {
    tell(
        new JournalProtocol.WriteMessages(
            CollectionConverters.asScala(List.<PersistentEnvelope>of()).toList(), null, 1));
  }

  /** Stops the journal's actor alone, which ends its writer, however long that takes. */
  public void stop() {
    system.stop(journal);
  }

  /** Sends the journal a request of the actor that it names. */
  void tell(Object request) {
    journal.tell(request, ActorRef.noSender());
  }

  public static PersistentRepr event(String persistenceId, long sequenceNr, Object payload) {
    return PersistentRepr.apply(
        payload, sequenceNr, persistenceId, "", false, ActorRef.noSender(), WRITER_UUID);
  }

  /** Events that are written together or not at all. */
  public static AtomicWrite atomic(String persistenceId, long firstSequenceNr, String... texts) {
    List<PersistentRepr> events = new ArrayList<>();
    for (String text : texts) {
      events.add(event(persistenceId, firstSequenceNr + events.size(), new TestEvent(text)));
    }
    return atomic(events);
  }

  public static AtomicWrite atomic(List<PersistentRepr> events) {
    return new AtomicWrite(CollectionConverters.asScala(events).toList());
  }

  private static <T> T receive(TestKit probe, Class<T> type) {
    Object message = probe.receiveOne(Patience.LIMIT);
    assertThat(message).isInstanceOf(type);
    return type.cast(message);
  }

  /** Sends one request. */
  public Written write(AtomicWrite... writes) {
    return send(writes).get();
  }

  /** Sends one request, and answers how to wait for what the journal says. */
  public Supplier<Written> send(AtomicWrite... writes) {
    TestKit probe = new TestKit(system);
    List<PersistentEnvelope> envelopes = Arrays.asList(writes);
    journal.tell(
        new JournalProtocol.WriteMessages(
            CollectionConverters.asScala(envelopes).toList(), probe.getRef(), 1),
        probe.getRef());
    return () -> written(probe, writes);
  }

  private static Written written(TestKit probe, AtomicWrite... writes) {
    Throwable failure = null;
    Object first = receive(probe, Object.class);
    if (first instanceof JournalProtocol.WriteMessagesFailed failed) {
      failure = failed.cause();
    }
    List<Long> stored = new ArrayList<>();
    Map<Long, Throwable> rejected = new TreeMap<>();
    int events = Arrays.stream(writes).mapToInt(AtomicWrite::size).sum();
    for (int i = 0; i < events; i++) {
      Object answer = receive(probe, Object.class);
      if (answer instanceof JournalProtocol.WriteMessageSuccess success) {
        stored.add(success.persistent().sequenceNr());
      } else if (answer instanceof JournalProtocol.WriteMessageRejected rejection) {
        rejected.put(rejection.message().sequenceNr(), rejection.cause());
      } else {
        assertThat(answer).isInstanceOf(JournalProtocol.WriteMessageFailure.class);
      }
    }
    return new Written(stored, rejected, failure);
  }

  /** Writes events together, which must succeed. */
  public void store(String persistenceId, long firstSequenceNr, String... texts) {
    Written written = write(atomic(persistenceId, firstSequenceNr, texts));
    assertThat(written.failure()).isNull();
    assertThat(written.stored()).hasSize(texts.length);
  }

  public Replayed replay(String persistenceId, long from, long to, long max) {
    Object end = null;
    TestKit probe = new TestKit(system);
    journal.tell(
        new JournalProtocol.ReplayMessages(from, to, max, persistenceId, probe.getRef()),
        probe.getRef());
    List<PersistentRepr> events = new ArrayList<>();
    while (end == null) {
      Object message = receive(probe, Object.class);
      if (message instanceof JournalProtocol.ReplayedMessage replayed) {
        events.add(replayed.persistent());
      } else {
        end = message;
      }
    }
    assertThat(end).isInstanceOf(JournalProtocol.RecoverySuccess.class);
    return new Replayed(events, ((JournalProtocol.RecoverySuccess) end).highestSequenceNr());
  }

  public Replayed replay(String persistenceId) {
    return replay(persistenceId, 1, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /** Asks for the highest sequence number, which must fail. */
  public Throwable recoveryFailure(String persistenceId) {
    TestKit probe = new TestKit(system);
    journal.tell(
        new JournalProtocol.ReplayMessages(1, 0, 0, persistenceId, probe.getRef()), probe.getRef());
    return receive(probe, JournalProtocol.ReplayMessagesFailure.class).cause();
  }

  /** Asks for all events, which must fail, before or after some are replayed. */
  public Throwable failureWhileReplaying(String persistenceId) {
    return failureWhileReplaying(persistenceId, new ArrayList<>());
  }

  /**
   * As {@link #failureWhileReplaying(String)}.
   *
   * @param sequenceNrs takes those of the events that are replayed before
   */
  Throwable failureWhileReplaying(String persistenceId, List<Long> sequenceNrs) {
    TestKit probe = new TestKit(system);
    journal.tell(
        new JournalProtocol.ReplayMessages(
            1, Long.MAX_VALUE, Long.MAX_VALUE, persistenceId, probe.getRef()),
        probe.getRef());
    Object message = receive(probe, Object.class);
    while (message instanceof JournalProtocol.ReplayedMessage replayed) {
      sequenceNrs.add(replayed.persistent().sequenceNr());
      message = receive(probe, Object.class);
    }
    return ((JournalProtocol.ReplayMessagesFailure) message).cause();
  }

  public void deleteTo(String persistenceId, long sequenceNr) {
    Object answer = delete(persistenceId, sequenceNr);
    if (answer instanceof DeleteMessagesFailure failure) {
      throw new AssertionError(failure.cause());
    }
    assertThat(((DeleteMessagesSuccess) answer).toSequenceNr()).isEqualTo(sequenceNr);
  }

  /** Asks for a deletion, which must fail. */
  Throwable deletionFailure(String persistenceId, long sequenceNr) {
    return ((DeleteMessagesFailure) delete(persistenceId, sequenceNr)).cause();
  }

  private Object delete(String persistenceId, long sequenceNr) {
    TestKit probe = new TestKit(system);
    journal.tell(
        new JournalProtocol.DeleteMessagesTo(persistenceId, sequenceNr, probe.getRef()),
        probe.getRef());
    return receive(probe, Object.class);
  }

  @Override
  public void close() {
    try {
      Patience.get(FutureConverters.asJava(system.terminate()));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
