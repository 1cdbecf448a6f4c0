// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.pekko.persistence.cassandra.query.javadsl.CassandraReadJournal;
import org.apache.pekko.persistence.query.PersistenceQuery;

/**
 * The peer's process: pekko-persistence-cassandra with its default configuration. It takes commands
 * from its standard input, and ends with it, so that it does not outlive {@link PeerProcess}.
 *
 * <p>All that is set is where Cassandra is, that the tables be created, and what its manual asks to
 * be set: the time of the first event, without which a query from the beginning first looks for
 * events in each hour since 2015.
 */
public final class PeerMain {
  private static final DateTimeFormatter BUCKET = DateTimeFormatter.ofPattern("yyyyMMdd'T'HH:mm");

  private final TaggedJournal journal;

  private PeerMain(TaggedJournal journal) {
    this.journal = journal;
  }

  /** Serves until the standard input ends. */
  public static void main(String[] arguments) throws Exception {
    BlockingQueue<String> commands = new LinkedBlockingQueue<>();
    Thread reader = new Thread(() -> read(commands), "commands");
    reader.setDaemon(true);
    reader.start();
    Contact cassandra = new Contact(arguments[0], Integer.parseInt(arguments[1]), arguments[2]);
    WriterSystem system = start(cassandra, arguments[3]);
    CassandraReadJournal queries =
        PersistenceQuery.get(system.system())
            .getReadJournalFor(CassandraReadJournal.class, CassandraReadJournal.Identifier());
    PeerMain peer =
        new PeerMain(
            TaggedJournal.of(
                "peer",
                system,
                TagQueries.of(
                    system, queries, time -> queries.timeBasedUUIDFrom(time.toEpochMilli()))));
    ObjectMapper json = new ObjectMapper();
    while (true) {
      System.out.println(json.writeValueAsString(peer.answer(commands.take())));
    }
  }

  private static void read(BlockingQueue<String> commands) {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        commands.add(line);
      }
    } catch (IOException e) {
      System.err.println("The peer cannot read its commands: " + e);
    }
    // Whatever is going on: nobody is there to be told.
    Runtime.getRuntime().halt(0);
  }

  private static WriterSystem start(Contact cassandra, String keyspace) {
    return WriterSystem.start(
        cassandra,
        "peer",
        """
        pekko.persistence.journal.plugin = "pekko.persistence.cassandra.journal"
        pekko.persistence.cassandra {
          journal {
            keyspace = "%s"
            keyspace-autocreate = true
            tables-autocreate = true
          }
          events-by-tag.first-time-bucket = "%s"
        }
        """
            .formatted(keyspace, BUCKET.format(ZonedDateTime.now(ZoneOffset.UTC))));
  }

  private Object answer(String line) {
    String[] words = line.split(" ", -1);
    try {
      return switch (words[0]) {
        case "deliver" -> journal.deliver(number(words[1]), Duration.ofSeconds(number(words[2])));
        case "write" -> {
          journal.write(number(words[1]), number(words[2]));
          yield Map.of();
        }
        case "catch-up" -> Map.of("perSecond", journal.catchUp(number(words[1])));
        default ->
            throw new IllegalArgumentException(
                "'%s': must be deliver, write or catch-up".formatted(words[0]));
      };
    } catch (Exception e) {
      return Map.of("failure", e.toString());
    }
  }

  private static int number(String word) {
    return Integer.parseInt(word);
  }
}
