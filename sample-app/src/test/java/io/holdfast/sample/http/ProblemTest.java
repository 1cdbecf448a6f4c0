// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class ProblemTest {
  private static HttpResponse ofType(String contentType) {
    return HttpResponse.create()
        .withStatus(404)
        .withEntity(
            HttpEntities.create(ContentTypes.parse(contentType), ByteString.emptyByteString()));
  }

  /** What another node answered is passed on as it is, not wrapped once more. */
  @Test
  void knowsItsOwnAndWhatAnotherNodeHasSent() {
    assertThat(Problem.isProblem(Problem.notFound("x").response())).isTrue();
    assertThat(Problem.isProblem(ofType("application/problem+json"))).isTrue();
    assertThat(Problem.isProblem(ofType("text/plain; charset=UTF-8"))).isFalse();
    assertThat(Problem.isProblem(ofType("application/json"))).isFalse();
  }
}
