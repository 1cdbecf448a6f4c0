// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The configuration of deployed nodes, resolved as a node does it. */
class NodeConfigurationTest {
  @Test
  void onKubernetesNodesAreWhereTheManifestSays() {
    JsonNode container =
        DeployFiles.documents(DeployFiles.file("kubernetes/deployment.yaml"))
            .get(0)
            .at("/spec/template/spec/containers/0");
    Config config = resolve("kubernetes/node.conf", container.get("env").findValuesAsText("name"));

    Map<String, Integer> ports = new HashMap<>();
    container
        .get("ports")
        .forEach(
            port -> ports.put(port.get("name").textValue(), port.get("containerPort").intValue()));
    assertThat(ports)
        .containsEntry("http", config.getInt("holdfast.sample.http.port"))
        .containsEntry("remoting", config.getInt("pekko.remote.artery.canonical.port"))
        .containsEntry("management", config.getInt("pekko.management.http.port"));
    assertThat(config.getString("pekko.remote.artery.canonical.hostname")).isEqualTo("POD_IP!");
    assertThat(config.getString("pekko.management.http.hostname")).isEqualTo("POD_IP!");
    assertThat(config.getString("holdfast.sample.http.advertised-address"))
        .isEqualTo("http://POD_IP!:8080");
    assertThat(config.getBoolean("holdfast.sample.cluster-bootstrap")).isTrue();
    assertThat(
            ports.containsKey(
                config.getString(
                    "pekko.management.cluster.bootstrap.contact-point-discovery.port-name")))
        .isTrue();
    assertThatCode(() -> Class.forName(config.getString("pekko.discovery.kubernetes-api.class")))
        .doesNotThrowAnyException();
    assertThat(config.getBoolean("holdfast.sample.demo-mode")).isFalse();
  }

  @Test
  void withComposeNodesHaveTheSeedsThatItStarts() {
    JsonNode services =
        DeployFiles.documents(DeployFiles.file("docker-compose.yml")).get(0).get("services");
    Config config = resolve("compose/node.conf", List.of("HOSTNAME"));

    List<String> seeds =
        StreamSupport.stream(services.spliterator(), false)
            .filter(service -> service.has("hostname"))
            .map(service -> "pekko://holdfast@" + service.get("hostname").textValue() + ":17355")
            .toList();
    assertThat(config.getStringList("pekko.cluster.seed-nodes")).hasSize(3).isEqualTo(seeds);
    assertThat(config.getString("pekko.remote.artery.canonical.hostname")).isEqualTo("HOSTNAME!");
    assertThat(config.getInt("pekko.remote.artery.canonical.port")).isEqualTo(17_355);
  }

  /** With nothing but these variables, each set to its name with an exclamation mark. */
  private static Config resolve(String file, List<String> variables) {
    Map<String, String> environment = new HashMap<>();
    variables.forEach(name -> environment.put(name, name + "!"));
    return ConfigFactory.parseFile(DeployFiles.file(file).toFile())
        .withFallback(ConfigFactory.parseMap(environment))
        .withFallback(ConfigFactory.defaultReferenceUnresolved())
        .resolve();
  }
}
