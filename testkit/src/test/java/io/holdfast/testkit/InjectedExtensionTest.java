// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(CassandraExtension.class)
class InjectedExtensionTest {

  private final InetSocketAddress fromConstructor;

  InjectedExtensionTest(CassandraExtension cassandra) {
    this.fromConstructor = cassandra.contactPoint();
  }

  @Test
  void everyWayLeadsToTheSameNode(CassandraExtension cassandra) {
    assertThat(cassandra.contactPoint())
        .isEqualTo(fromConstructor)
        .isEqualTo(CassandraExtension.shared().contactPoint());
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  class OneInstance {

    @RegisterExtension static final CassandraExtension STATIC = CassandraExtension.shared();
    private final InetSocketAddress fromInitialiser = STATIC.contactPoint();

    @Test
    void seesTheSameNode() {
      assertThat(STATIC.contactPoint()).isEqualTo(fromInitialiser).isEqualTo(fromConstructor);
    }
  }
}
