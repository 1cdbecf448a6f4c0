// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.holdfast.testkit.CassandraExtension;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The OpenAPI document against the routes. */
class OpenApiTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final List<String> METHODS = List.of("get", "post", "head", "put", "delete");

  static Stream<Arguments> operations() throws IOException {
    return document().path("paths").properties().stream()
        .flatMap(
            path ->
                METHODS.stream()
                    .map(
                        method ->
                            Arguments.of(method, path.getKey(), path.getValue().has(method))));
  }

  /** Without a body, with a content type that no route takes, so that nothing happens. */
  @ParameterizedTest(name = "{0} {1}: {2}")
  @MethodSource("operations")
  void describesEachRouteAndNoOther(String method, String path, boolean described)
      throws IOException {
    ApiCluster api = ApiCluster.shared(CASSANDRA);
    String target = path.replace("{id}", "order-open-api").replace("{address}", "nobody");
    String head =
        "%s %s HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: Bearer %s\r\nContent-Type: text/plain\r\nContent-Length: 0"
            .formatted(method.toUpperCase(Locale.ROOT), target, ApiCluster.TOKEN);

    RawHttp.Answer answer = RawHttp.send(api.node(0), RawHttp.request(head, new byte[0]));

    if (described) {
      assertThat(answer.status()).as(answer.toString()).isIn(200, 404, 415);
      assertThat(answer.body()).doesNotContain("problem:refused");
    } else {
      assertThat(answer.status()).as(answer.toString()).isEqualTo(405);
    }
  }

  @Test
  void resolvesAllItsReferences() throws IOException {
    JsonNode document = document();
    assertThat(document.findValuesAsText("$ref"))
        .isNotEmpty()
        .allSatisfy(
            reference -> assertThat(document.at(reference.substring(1)).isMissingNode()).isFalse());
  }

  private static JsonNode document() throws IOException {
    try (InputStream yaml = OpenApiTest.class.getResourceAsStream("/openapi.yaml")) {
      return new YAMLMapper().readTree(yaml);
    }
  }
}
