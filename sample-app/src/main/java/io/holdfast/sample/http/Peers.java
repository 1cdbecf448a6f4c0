// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import io.holdfast.sample.cluster.NodeDirectory;
import io.holdfast.sample.common.Stages;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** The other nodes' APIs, as far as one node asks another for something. Thread-safe. */
final class Peers {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final int MAX_BYTES = 1 << 20;

  private final ActorSystem<?> system;
  private final Cluster cluster;
  private final NodeDirectory directory;
  private final String token;

  Peers(ActorSystem<?> system, NodeDirectory directory, HttpSettings settings) {
    this.system = system;
    this.cluster = Cluster.get(system);
    this.directory = directory;
    this.token = settings.token();
  }

  /** The member with this address; throws a 404 if there is none. */
  Member member(String address) {
    return StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
        .filter(candidate -> candidate.address().toString().equals(address))
        .findFirst()
        .orElseThrow(
            () ->
                Problem.notFound("no member has this address; GET /api/cluster lists them")
                    .with("value", address));
  }

  boolean isThis(Member member) {
    return member.equals(cluster.selfMember());
  }

  /**
   * What another member answers. Fails with a {@link Problem} where it gives none in time.
   *
   * @param request to its HTTP address, which it is given
   */
  CompletionStage<HttpResponse> ask(Member member, Function<String, HttpRequest> request) {
    String address = member.address().toString();
    return directory
        .entries()
        .thenCompose(
            entries -> {
              NodeDirectory.Entry entry = entries.get(address);
              if (entry == null) {
                throw unavailable("where that node serves HTTP is not known yet", address);
              }
              HttpRequest asked = request.apply(entry.httpAddress().toString());
              return Http.get(system).singleRequest(Api.authorized(asked, token));
            })
        .thenCompose(
            response ->
                response
                    .entity()
                    .toStrict(TIMEOUT.toMillis(), MAX_BYTES, system)
                    .thenApply(response::withEntity))
        .toCompletableFuture()
        .orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(
            failure -> {
              throw Stages.unwrap(failure) instanceof Problem known
                  ? known
                  : unavailable("that node does not answer", address);
            });
  }

  private static Problem unavailable(String detail, String address) {
    return Problem.of(503, "unavailable", detail).with("value", address).retryAfter(1);
  }
}
