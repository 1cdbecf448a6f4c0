// SPDX-License-Identifier: Apache-2.0
package io.holdfast.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.query.StreamReader.Page;
import io.holdfast.query.StreamReader.Range;
import io.holdfast.query.StreamReader.VersionedEvent;
import io.holdfast.serialization.EventData;
import io.holdfast.serialization.RecordedEvent;
import io.holdfast.serialization.SerializedPayload;
import java.util.List;
import java.util.OptionalLong;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class PageBuilderTest {
  private static final long NO_BOUND = Long.MAX_VALUE;

  private static VersionedEvent event(long version) {
    SerializedPayload payload =
        new SerializedPayload(SerializedPayload.JSON, ByteString.fromString("1"));
    return new VersionedEvent(
        version, new RecordedEvent(new EventData("id", "type", payload, null), 0));
  }

  private static List<Long> versions(Page page) {
    return page.events().stream().map(VersionedEvent::version).toList();
  }

  @Test
  void endsWithoutContinuationWhereTheRangeEnds() {
    PageBuilder page = new PageBuilder(Range.of(1, 2, false), 10, NO_BOUND);
    assertThat(page.add(event(1))).isTrue();
    assertThat(page.add(event(2))).isTrue();
    assertThat(versions(page.build())).containsExactly(1L, 2L);
    assertThat(page.build().continueFrom()).isEmpty();
  }

  @Test
  void continuesAfterTheLimit() {
    PageBuilder page = new PageBuilder(Range.of(1, 3, false), 2, NO_BOUND);
    assertThat(page.add(event(1))).isTrue();
    assertThat(page.add(event(2))).isFalse();
    assertThat(page.build().continueFrom()).isEqualTo(OptionalLong.of(3));
  }

  @Test
  void endsWithoutContinuationWhereLimitAndRangeEndTogether() {
    PageBuilder page = new PageBuilder(Range.of(1, 2, false), 2, NO_BOUND);
    page.add(event(1));
    assertThat(page.add(event(2))).isFalse();
    assertThat(page.build().continueFrom()).isEmpty();
  }

  @Test
  void continuesDownwardsWhereItReadsBackwards() {
    PageBuilder page = new PageBuilder(Range.of(2, 9, true), 2, NO_BOUND);
    page.add(event(9));
    assertThat(page.add(event(8))).isFalse();
    assertThat(page.build().continueFrom()).isEqualTo(OptionalLong.of(7));

    PageBuilder last = new PageBuilder(Range.of(2, 3, true), 2, NO_BOUND);
    last.add(event(3));
    assertThat(last.add(event(2))).isFalse();
    assertThat(last.build().continueFrom()).isEmpty();
  }

  @Test
  void stopsBeforeTheEventThatIsTooMuch() {
    long size = event(1).event().data().sizeInBytes();
    PageBuilder page = new PageBuilder(Range.of(1, 9, false), 10, 2 * size);
    assertThat(page.add(event(1))).isTrue();
    assertThat(page.add(event(2))).isTrue();
    assertThat(page.add(event(3))).isFalse();
    assertThat(versions(page.build())).containsExactly(1L, 2L);
    assertThat(page.build().continueFrom()).isEqualTo(OptionalLong.of(3));
  }

  @Test
  void takesOneEventHoweverLarge() {
    PageBuilder page = new PageBuilder(Range.of(1, 9, false), 10, 1);
    assertThat(page.add(event(1))).isTrue();
    assertThat(page.add(event(2))).isFalse();
    assertThat(versions(page.build())).containsExactly(1L);
    assertThat(page.build().continueFrom()).isEqualTo(OptionalLong.of(2));
  }
}
