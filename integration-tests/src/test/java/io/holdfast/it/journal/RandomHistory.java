// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.it.journal.ModelledActor.Observer;
import io.holdfast.it.journal.ModelledActor.Recovered;
import io.holdfast.test.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.jspecify.annotations.Nullable;

/** The history of some actors that one seed makes. */
final class RandomHistory {
  private static final int ACTORS = 4;
  private static final int STEPS = 80;
  static final int PARTITION_SIZE = 3;

  /** One persistent actor, wherever it lives. */
  private final class Subject {
    final String id;
    final Observer observer = new Observer();
    final JournalModel model = new JournalModel(PARTITION_SIZE);
    int home;
    @Nullable ActorRef actor;

    Subject(String id) {
      this.id = id;
    }

    ActorRef open() {
      ActorRef open = actor;
      if (open == null) {
        open = systems[home].actors().actorOf(ModelledActor.props(id, observer));
        actor = open;
        verifyRecovery();
      }
      return open;
    }

    void verifyRecovery() {
      try {
        Recovered found = Patience.take(observer.recoveries);
        model.recovered(found, observer.acknowledged);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    CompletableFuture<Void> write(ActorRef to) {
      List<List<String>> groups = new ArrayList<>();
      for (int i = random.nextInt(5); i >= 0; i--) {
        groups.add(group());
      }
      return write(to, groups);
    }

    CompletableFuture<Void> write(ActorRef to, List<List<String>> groups) {
      model.write(groups);
      CompletableFuture<Void> done = new CompletableFuture<>();
      to.tell(new ModelledActor.Write(groups, random.nextBoolean(), done), ActorRef.noSender());
      return done;
    }

    void close() {
      ActorRef open = open();
      TestKit probe = new TestKit(systems[home].actors());
      probe.watch(open);
      systems[home].actors().stop(open);
      probe.expectTerminated(Patience.LIMIT, open);
      actor = null;
    }

    @Override
    public String toString() {
      return id;
    }
  }

  private final CrashableSystem[] systems;
  private final Random random;
  private final List<Subject> subjects = new ArrayList<>();
  private int texts;

  /**
   * @param systems two of them; those that end are replaced
   */
  RandomHistory(CrashableSystem[] systems, long seed) {
    this.systems = systems;
    this.random = new Random(seed);
    for (int i = 0; i < ACTORS; i++) {
      subjects.add(new Subject("actor-%d-of-%d".formatted(i, seed)));
    }
  }

  /** Up to one event more than a batch may have, now and then one that is refused. */
  private List<String> group() {
    List<String> group = new ArrayList<>();
    for (int i = random.nextInt(PARTITION_SIZE + 1); i >= 0; i--) {
      group.add((random.nextInt(12) == 0 ? TestEvent.REFUSED : "t") + ++texts);
    }
    return group;
  }

  void run() {
    for (int step = 0; step < STEPS; step++) {
      step(subjects.get(random.nextInt(ACTORS)));
    }
    for (Subject subject : subjects) {
      subject.close();
      subject.open();
      subject.model.verifyAcknowledged(subject.observer.acknowledged);
      subject.close();
    }
  }

  private void step(Subject subject) {
    int dice = random.nextInt(100);
    if (dice < 40) {
      get(subject.write(subject.open()));
      subject.model.answered();
    } else if (dice < 50) {
      delete(subject);
    } else if (dice < 57) {
      snapshot(subject);
    } else if (dice < 60) {
      deleteSnapshots(subject);
    } else if (dice < 70) {
      subject.close();
    } else if (dice < 77) {
      interrupt(subject);
    } else if (dice < 85) {
      restart(subject);
    } else if (dice < 93) {
      takeOver(subject);
    } else if (dice < 96) {
      crash(random.nextInt(systems.length));
    } else if (dice < 97) {
      shutDown(random.nextInt(systems.length));
    } else {
      subject.open();
    }
  }

  private void delete(Subject subject) {
    ActorRef actor = subject.open();
    long to =
        random.nextInt(8) == 0
            ? Long.MAX_VALUE
            : (long) (random.nextDouble() * (subject.model.last() + 1));
    CompletableFuture<Void> done = new CompletableFuture<>();
    actor.tell(new ModelledActor.Delete(to, done), ActorRef.noSender());
    get(done);
    subject.model.delete(to);
  }

  private void snapshot(Subject subject) {
    ActorRef actor = subject.open();
    if (subject.model.hasState()) {
      CompletableFuture<Long> saved = new CompletableFuture<>();
      actor.tell(new ModelledActor.Snapshot(saved), ActorRef.noSender());
      subject.model.snapshot(get(saved));
    }
  }

  private void deleteSnapshots(Subject subject) {
    ActorRef actor = subject.open();
    long to = (long) (random.nextDouble() * (subject.model.last() + 1));
    CompletableFuture<Void> done = new CompletableFuture<>();
    actor.tell(new ModelledActor.DeleteSnapshots(to, done), ActorRef.noSender());
    get(done);
    subject.model.deleteSnapshots(to);
  }

  /** Writes, and waits for some of it. */
  private void writeSome(Subject subject) {
    int before = subject.observer.acknowledged.size();
    CompletableFuture<Void> done = subject.write(subject.open());
    int enough = random.nextInt(3);
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> done.isDone() || subject.observer.acknowledged.size() - before >= enough);
  }

  /** Stops the actor in the middle of its writes. */
  private void interrupt(Subject subject) {
    writeSome(subject);
    subject.close();
  }

  /** Restarts the actor in the middle of its writes. */
  private void restart(Subject subject) {
    ActorRef actor = subject.open();
    writeSome(subject);
    actor.tell(new ModelledActor.Fail(), ActorRef.noSender());
    subject.verifyRecovery();
  }

  /**
   * Another system takes the actor in the middle of its writes; what the old one writes is lost.
   */
  private void takeOver(Subject subject) {
    ActorRef old = subject.open();
    CrashableSystem oldHome = systems[subject.home];
    if (!subject.model.isOwned()) {
      // Nobody owns a stream before its first event.
      get(subject.write(old, List.of(List.of("first" + ++texts))));
      subject.model.answered();
    }
    writeSome(subject);
    subject.home = 1 - subject.home;
    subject.actor = null;
    subject.open();
    TestKit probe = new TestKit(oldHome.actors());
    probe.watch(old);
    String stale = "stale" + ++texts;
    old.tell(
        new ModelledActor.Write(List.of(List.of(stale)), false, new CompletableFuture<>()),
        ActorRef.noSender());
    probe.expectTerminated(Patience.LIMIT, old);
    assertThat(subject.observer.acknowledged).doesNotContain(stale);
  }

  /** Ends a system in the middle of its actors' writes. */
  private void crash(int index) {
    for (Subject subject : subjects) {
      if (subject.home == index && subject.actor != null) {
        writeSome(subject);
        subject.actor = null;
        subject.home = random.nextInt(systems.length);
      }
    }
    systems[index] = systems[index].crash();
  }

  private void shutDown(int index) {
    for (Subject subject : subjects) {
      if (subject.home == index && subject.actor != null) {
        subject.close();
        subject.home = random.nextInt(systems.length);
      }
    }
    systems[index] = systems[index].restart();
  }
}
