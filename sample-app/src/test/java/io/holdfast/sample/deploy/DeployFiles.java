// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files under {@code deploy/}. */
final class DeployFiles {
  private static final Path ROOT = Path.of("..", "deploy");
  private static final ObjectMapper YAML = YAMLMapper.builder().build();

  private DeployFiles() {}

  /** All documents of a YAML or JSON file. */
  static List<JsonNode> documents(Path file) {
    try (MappingIterator<JsonNode> documents =
        YAML.readerFor(JsonNode.class).readValues(file.toFile())) {
      return documents.readAll();
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  static Path file(String name) {
    return ROOT.resolve(name);
  }

  static List<Path> kubernetes() {
    try (Stream<Path> files = Files.list(ROOT.resolve("kubernetes"))) {
      return files
          .filter(file -> file.toString().endsWith(".yaml") && !file.endsWith("kustomization.yaml"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
