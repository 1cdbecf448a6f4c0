// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.query.HoldfastReadJournal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** The ids of all streams, page by page, in the order of storage. */
final class StreamList {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1_000;

  /** Beyond this, a page ends before it is full: a rare prefix must not read for minutes. */
  private static final int MAX_SCANNED = 20_000;

  private final ActorSystem<?> system;
  private final HoldfastReadJournal journal;

  StreamList(ActorSystem<?> system) {
    this.system = system;
    this.journal =
        PersistenceQuery.get(system)
            .getReadJournalFor(HoldfastReadJournal.class, HoldfastReadJournal.IDENTIFIER);
  }

  /** All streams whose ids begin so. */
  Source<String, NotUsed> all(String prefix) {
    return journal.currentPersistenceIds().filter(id -> id.startsWith(prefix));
  }

  CompletionStage<HttpResponse> page(HttpRequest request) {
    Parameters parameters = new Parameters(request, Set.of("prefix", "after", "limit"));
    int limit = (int) parameters.number("limit", 1, MAX_LIMIT).orElse(DEFAULT_LIMIT);
    String after = parameters.text("after");
    // The stream runs the page's methods one after the other.
    Page page = new Page(parameters.text("prefix"), limit);
    return journal
        .currentPersistenceIds(
            after.isEmpty() ? Optional.empty() : Optional.of(after), MAX_SCANNED + 1L)
        .takeWhile(page::add)
        .runWith(Sink.ignore(), system)
        .thenApply(done -> Answers.ok(page.json()));
  }

  private static final class Page {
    private final String prefix;
    private final int limit;
    private final List<String> found = new ArrayList<>();
    private int scanned;
    private String last = "";
    private boolean more;

    Page(String prefix, int limit) {
      this.prefix = prefix;
      this.limit = limit;
    }

    /** Whether there is room for another one. */
    synchronized boolean add(String id) {
      if (found.size() == limit || scanned == MAX_SCANNED) {
        more = true;
        return false;
      }
      scanned++;
      last = id;
      if (id.startsWith(prefix)) {
        found.add(id);
      }
      return true;
    }

    synchronized ObjectNode json() {
      ObjectNode json = ApiJson.MAPPER.createObjectNode();
      ArrayNode streams = json.putArray("streams");
      found.forEach(id -> streams.addObject().put("streamId", id));
      return more ? json.put("next", last) : json.putNull("next");
    }
  }
}
