// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.Query;

/** The query of a request: each parameter once, and none that is not known. */
final class Parameters {
  private final Map<String, String> values = new HashMap<>();

  /**
   * @throws Problem if there is a parameter that is not known, or one twice
   */
  Parameters(HttpRequest request, Set<String> known) {
    Query query = request.getUri().query();
    query
        .toList()
        .forEach(
            parameter -> {
              if (!known.contains(parameter.first())) {
                throw Problem.badRequest(
                        "a parameter is not known; these are: "
                            + String.join(", ", known.stream().sorted().toList()))
                    .with("value", parameter.first());
              } else if (values.putIfAbsent(parameter.first(), parameter.second()) != null) {
                throw Problem.badRequest("parameter %s twice".formatted(parameter.first()))
                    .with("value", parameter.second());
              }
            });
  }

  /** A text; empty if it is not given. */
  String text(String name) {
    return values.getOrDefault(name, "");
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** A whole number within bounds. */
  OptionalLong number(String name, long min, long max) {
    String value = values.get(name);
    if (value == null) {
      return OptionalLong.empty();
    }
    try {
      long number = Long.parseLong(value);
      if (number >= min && number <= max) {
        return OptionalLong.of(number);
      }
    } catch (NumberFormatException e) {
      // Refused below, as one out of bounds.
    }
    throw Problem.badRequest("%s is no whole number from %,d to %,d".formatted(name, min, max))
        .with("value", value)
        .with("min", min)
        .with("limit", max);
  }

  boolean flag(String name) {
    String value = text(name);
    if (!value.isEmpty() && !value.equals("true") && !value.equals("false")) {
      throw Problem.badRequest("%s is neither true nor false".formatted(name)).with("value", value);
    }
    return value.equals("true");
  }
}
