// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StreamMemoryTest {
  private final StreamMemory memory = new StreamMemory(2);

  private Stream use(String persistenceId) {
    Stream stream = memory.enter(persistenceId);
    memory.leave(stream);
    return stream;
  }

  @Test
  void remembersIdleStreamsUpToTheBound() {
    Stream a = use("a");
    Stream b = use("b");
    assertThat(use("a")).isSameAs(a);
    assertThat(use("b")).isSameAs(b);
  }

  @Test
  void forgetsTheStreamThatWasUsedLeastRecently() {
    Stream a = use("a");
    Stream b = use("b");
    use("a");
    use("c");
    assertThat(use("a")).isSameAs(a);
    assertThat(use("b")).isNotSameAs(b);
  }

  @Test
  void forgetsEveryIdleStreamWhereTheBoundIsZero() {
    StreamMemory forgetful = new StreamMemory(0);
    Stream first = forgetful.enter("a");
    forgetful.leave(first);
    assertThat(forgetful.enter("a")).isNotSameAs(first);
  }

  @Test
  void sharesOneStreamAmongOperationsUnderWay() {
    StreamMemory forgetful = new StreamMemory(0);
    Stream first = forgetful.enter("a");
    assertThat(forgetful.enter("a")).isSameAs(first);
    forgetful.leave(first);
    assertThat(forgetful.enter("a")).isSameAs(first);
    forgetful.leave(first);
    forgetful.leave(first);
    assertThat(forgetful.enter("a")).isNotSameAs(first);
  }

  @Test
  void keepsStreamsInDoubtWhateverTheBound() {
    StreamMemory forgetful = new StreamMemory(0);
    Stream doubtful = forgetful.enter("a");
    doubtful.inDoubt = true;
    forgetful.leave(doubtful);
    assertThat(forgetful.enter("a")).isSameAs(doubtful);

    doubtful.become(1, 2, 0, null);
    forgetful.leave(doubtful);
    assertThat(forgetful.enter("a")).isNotSameAs(doubtful);
  }
}
