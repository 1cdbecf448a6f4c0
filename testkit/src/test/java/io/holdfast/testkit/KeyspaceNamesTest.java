// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyspaceNamesTest {

  @Test
  void namesAreValidAndNeverTwice() {
    List<String> names =
        IntStream.range(0, 10_000).parallel().mapToObj(index -> KeyspaceNames.next()).toList();

    assertThat(names)
        .doesNotHaveDuplicates()
        .allSatisfy(name -> assertThat(name).matches("[a-z][a-z0-9_]{0,47}"));
  }
}
