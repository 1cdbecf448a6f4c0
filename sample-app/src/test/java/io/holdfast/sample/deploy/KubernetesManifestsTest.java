// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Role;
import io.kubernetes.client.openapi.models.V1RoleBinding;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The manifests against the API's own schema, and against each other. */
class KubernetesManifestsTest {
  private interface Schema {
    void validate(JsonElement document) throws IOException;
  }

  private static final Map<String, Schema> SCHEMAS =
      Map.of(
          "v1/Namespace", V1Namespace::validateJsonElement,
          "v1/Service", V1Service::validateJsonElement,
          "v1/ServiceAccount", V1ServiceAccount::validateJsonElement,
          "apps/v1/Deployment", V1Deployment::validateJsonElement,
          "policy/v1/PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
          "networking.k8s.io/v1/NetworkPolicy", V1NetworkPolicy::validateJsonElement,
          "rbac.authorization.k8s.io/v1/Role", V1Role::validateJsonElement,
          "rbac.authorization.k8s.io/v1/RoleBinding", V1RoleBinding::validateJsonElement);

  static List<Path> manifests() {
    return DeployFiles.kubernetes();
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void keepTheSchema(Path manifest) {
    for (JsonNode document : DeployFiles.documents(manifest)) {
      String kind = document.get("apiVersion").textValue() + "/" + document.get("kind").textValue();
      assertThat(SCHEMAS).as("schema of %s", manifest).containsKey(kind);
      assertThatCode(() -> validate(kind, document.toString()))
          .as("%s", manifest)
          .doesNotThrowAnyException();
    }
  }

  @Test
  void theSchemaFindsAMisspelledField() {
    String deployment = one("Deployment").toString();
    String misspelled = deployment.replace("readinessProbe", "readynessProbe");
    assertThat(misspelled).isNotEqualTo(deployment);
    assertThatThrownBy(() -> validate("apps/v1/Deployment", misspelled))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("readynessProbe");
  }

  @Test
  void selectorsChooseThePods() {
    JsonNode pods = one("Deployment").at("/spec/template/metadata/labels");
    assertThat(one("Deployment").at("/spec/selector/matchLabels")).isEqualTo(pods);
    assertThat(one("Service").at("/spec/selector")).isEqualTo(pods);
    assertThat(one("PodDisruptionBudget").at("/spec/selector/matchLabels")).isEqualTo(pods);
    assertThat(one("NetworkPolicy").at("/spec/podSelector/matchLabels")).isEqualTo(pods);
  }

  @Test
  void portsHaveTheNamesOfTheContainers() {
    Set<String> names =
        new TreeSet<>(
            one("Deployment")
                .at("/spec/template/spec/containers/0/ports")
                .findValuesAsText("name"));
    assertThat(names).containsExactly("http", "management", "remoting");
    List<String> used = new ArrayList<>();
    one("Deployment").findValues("httpGet").forEach(probe -> used.add(probe.get("port").asText()));
    used.addAll(one("Service").at("/spec/ports").findValuesAsText("targetPort"));
    one("NetworkPolicy").findValues("port").stream()
        .filter(JsonNode::isTextual)
        .forEach(port -> used.add(port.textValue()));
    assertThat(new TreeSet<>(used)).isEqualTo(names);
  }

  @Test
  void podsRunAsTheAccountThatMayListThem() {
    String account = one("ServiceAccount").at("/metadata/name").textValue();
    assertThat(one("Deployment").at("/spec/template/spec/serviceAccountName").textValue())
        .isEqualTo(account);
    assertThat(one("RoleBinding").at("/subjects/0/name").textValue()).isEqualTo(account);
    assertThat(one("RoleBinding").at("/roleRef/name")).isEqualTo(one("Role").at("/metadata/name"));
  }

  private static JsonNode one(String kind) {
    List<JsonNode> found =
        DeployFiles.kubernetes().stream()
            .flatMap(file -> DeployFiles.documents(file).stream())
            .filter(document -> document.get("kind").textValue().equals(kind))
            .toList();
    assertThat(found).as(kind).hasSize(1);
    return found.get(0);
  }

  private static void validate(String kind, String json) throws IOException {
    Objects.requireNonNull(SCHEMAS.get(kind), kind).validate(JsonParser.parseString(json));
  }
}
