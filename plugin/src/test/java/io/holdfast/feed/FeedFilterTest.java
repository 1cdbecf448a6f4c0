// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeedFilterTest {
  private static final FeedFilter ALL = FeedFilter.all();

  private static boolean wants(FeedFilter filter, String id) {
    return filter.includes(id, "Placed", Set.of("red", "blue"));
  }

  @Test
  void wantsEverythingAtFirst() {
    assertThat(wants(ALL, "")).isTrue();
    assertThat(wants(ALL, "order-1")).isTrue();
  }

  @Test
  void aCategoryEndsWithADashOrABar() {
    FeedFilter orders = ALL.category("order");
    assertThat(wants(orders, "order-1")).isTrue();
    assertThat(wants(orders, "order|1")).isTrue();
    assertThat(wants(orders, "order")).isFalse();
    assertThat(wants(orders, "orders-1")).isFalse();
    assertThat(wants(orders, "an-order-1")).isFalse();
    assertThat(wants(ALL.category("a", "order"), "order-1")).isTrue();
    assertThat(wants(ALL.category("order-eu"), "order-eu-1")).isTrue();
  }

  @Test
  void anEntityTypeIsWhatStandsBeforeTheFirstBar() {
    assertThat(wants(ALL.entityType("order"), "order|1|2")).isTrue();
    assertThat(wants(ALL.entityType("order"), "order-1")).isFalse();
    assertThat(wants(ALL.entityType(""), "order-1")).isTrue();
    assertThat(wants(ALL.entityType(""), "|1")).isTrue();
    assertThat(wants(ALL.entityType(""), "order|1")).isFalse();
    for (String id : new String[] {"order|", "order||", "order|1|", "order|1|b", "order|1|b|"}) {
      assertThat(FeedFilter.entityTypeOf(id)).isEqualTo("order");
    }
    for (String id : new String[] {"", "order", "|", "||", "|1", "||order"}) {
      assertThat(FeedFilter.entityTypeOf(id)).isEmpty();
    }
  }

  @Test
  void narrowsWithEachCall() {
    FeedFilter both = ALL.category("order").tag("red", "green").eventType("Placed", "Paid");
    assertThat(wants(both, "order-1")).isTrue();
    assertThat(wants(both.tag("green"), "order-1")).isFalse();
    assertThat(wants(both.eventType("Paid"), "order-1")).isFalse();
    assertThatThrownBy(() -> both.tag("blue"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[blue]");
    assertThatThrownBy(() -> ALL.entityType("a").entityType("b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'b'");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8, 16, 1024})
  void rangesOfSlicesDivideAllStreams(int ranges) {
    assertThat(FeedFilter.sliceRanges(ranges)).hasSize(ranges);
    for (int i = 0; i < 2_000; i++) {
      String id = "stream-" + i;
      assertThat(
              FeedFilter.sliceRanges(ranges).stream()
                  .filter(range -> ALL.slices(range.min(), range.max()).includesStream(id)))
          .hasSize(1);
    }
  }

  @Test
  void slicesNarrowEachOther() {
    FeedFilter narrow = ALL.slices(0, 600).slices(500, 1023);
    assertThat(
            IntStream.range(0, 10_000)
                .mapToObj(i -> "stream-" + i)
                .filter(narrow::includesStream)
                .mapToInt(FeedFilter::sliceOf))
        .isNotEmpty()
        .allMatch(slice -> slice >= 500 && slice <= 600);
  }

  @Test
  void refusesWhatMeansNothing() {
    assertThatThrownBy(() -> ALL.slices(-1, 5)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ALL.slices(5, 4)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ALL.slices(0, 1024)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ALL.slices(0, 10).slices(11, 20))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ALL.category()).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ALL.tag("a", "")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> FeedFilter.sliceRanges(3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("divisor of 1024");
  }
}
