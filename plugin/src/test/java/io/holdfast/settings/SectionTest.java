// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Test;

class SectionTest {
  private static final Config ROOT =
      ConfigFactory.parseString(
              """
              tenant2 = ${holdfast} { cassandra.keyspace = tenant2 }
              the.tenant = ${holdfast} { cassandra.keyspace = tenant3 }
              holdfast.other-journal = ${holdfast.journal}
              alone = ${holdfast.journal}
              as-others-have-it = ${holdfast.journal} { keyspace = tenant4 }
              nested { keyspace = tenant5, journal = ${holdfast.journal} }
              own { journal = ${holdfast.journal} { cassandra.keyspace = tenant6 } }
              """)
          .withFallback(ConfigFactory.load())
          .resolve();

  private static String storeAround(String path) {
    return Section.storeAround(ROOT, path);
  }

  @Test
  void aPluginIsOfTheStoreAroundIt() {
    assertThat(storeAround("holdfast.journal")).isEqualTo("holdfast");
    assertThat(storeAround("holdfast.other-journal")).isEqualTo("holdfast");
    assertThat(storeAround("tenant2.query")).isEqualTo("tenant2");
    assertThat(storeAround("the.tenant.snapshot-store")).isEqualTo("the.tenant");
    assertThat(storeAround("alone")).isEqualTo("holdfast");
  }

  @Test
  void aKeyspaceThatNothingReadsIsRefused() {
    for (String path : new String[] {"as-others-have-it", "nested.journal", "own.journal"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> storeAround(path))
          .withMessageContainingAll(path, "keyspace of the store 'holdfast'", "tenant2");
    }
  }

  @Test
  void aPluginOfTheStoreMayBeGivenByItsName() {
    Config root = ConfigFactory.parseString("my-journal {}").withFallback(ROOT);
    assertThat(Section.pluginOf(root, "tenant2", "journal")).isEqualTo("tenant2.journal");
    assertThat(Section.pluginOf(root, "tenant2", "holdfast.journal")).isEqualTo("holdfast.journal");
    assertThat(Section.pluginOf(root, "holdfast", "my-journal")).isEqualTo("my-journal");
  }
}
