// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.feed.FeedOffset.Place;
import io.holdfast.feed.FeedOffset.Within;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeedOffsetTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "7",
        "2:1.1",
        "4:1.203,3.17",
        "4:1.203,3.17@3.0.12",
        "3001:2.5,7.1,65-3000",
        "9:1-8@3.0.12",
        "2:1.9223372036854775807@1.2147483647.9223372036854775807",
        "0123456789abcdef:1",
        "0123456789012345:4:1.203,3.17@3.0.12",
        "now",
        "since:2026-01-31T12:00:00.123Z"
      })
  void isItsText(String text) {
    FeedOffset offset = FeedOffset.parse(text);
    assertThat(offset).hasToString(text).isEqualTo(FeedOffset.parse(text));
    assertThat(offset).hasSameHashCodeAs(FeedOffset.parse(text));
    FeedOffsetSerializer serializer = new FeedOffsetSerializer();
    assertThat(serializer.fromBinary(serializer.toBinary(offset), serializer.manifest(offset)))
        .isEqualTo(offset);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "-1",
        "x",
        "1:",
        "2:1",
        "2:1.0",
        "2:1.2.3",
        "2:1.1,",
        "2:1.1,1.2",
        "2:2.1",
        "2:1.1@",
        "2:1.1@1",
        "2:1.1@1.0",
        "2:1.1@1.0.1.1",
        "2:1.1@1.-1.1",
        "3:1.1@2.0.1",
        "9:3-2",
        "9:3-9",
        "9:3-4-5",
        "9:3-5,5.2",
        "9:0-5",
        "9:1-3@4.0.1",
        "2:1.99999999999999999999",
        "since:",
        "since:yesterday",
        "0123456789abcdef:",
        "0123456789abcdef:now",
        "0123456789ABCDEF:1",
        "123456789abcdef:1",
        "NOW"
      })
  void refusesOtherTexts(String text) {
    assertThatThrownBy(() -> FeedOffset.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'" + text + "' is no offset of the feed");
  }

  @Test
  void refusesLongTextsBriefly() {
    assertThatThrownBy(() -> FeedOffset.parse("x".repeat(100_000)))
        .satisfies(failure -> assertThat(failure.getMessage()).hasSizeLessThan(400));
  }

  @Test
  void refusesOtherManifests() {
    FeedOffsetSerializer serializer = new FeedOffsetSerializer();
    assertThatThrownBy(() -> serializer.fromBinary(new byte[0], "p"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'p'");
  }

  @Test
  void saysWhereToBegin() {
    assertThat(FeedOffset.beginning()).hasToString("1");
    assertThat(FeedOffset.now()).isNotEqualTo(FeedOffset.beginning());
    assertThat(FeedOffset.since(Instant.EPOCH).since()).contains(Instant.EPOCH);
    assertThat(FeedOffset.now().place()).isEmpty();
    assertThat(FeedOffset.beginning().positionInSingleLog()).hasValue(1);
    assertThat(FeedOffset.inSingleLog(5).positionInSingleLog()).hasValue(5);
    assertThat(FeedOffset.now().positionInSingleLog()).isEmpty();
  }

  @Test
  void standsForItsPlace() {
    Place place = Place.of(4, new TreeMap<>(Map.of(1L, 203L, 3L, 17L))).at(new Within(3, 0, 12));
    assertThat(FeedOffset.of(place)).hasToString("4:1.203,3.17@3.0.12");
    assertThat(FeedOffset.parse("4:1.203,3.17@3.0.12").place()).contains(place);
  }

  @Test
  void isOfOneStore() {
    FeedOffset place = FeedOffset.parse("4:1.203");
    FeedOffset here = place.in("0123456789abcdef");
    assertThat(here).hasToString("0123456789abcdef:4:1.203").isNotEqualTo(place);
    assertThat(here.checkedFor("0123456789abcdef")).isSameAs(here);
    assertThat(place.checkedFor("0123456789abcdef")).isSameAs(place);
    assertThatThrownBy(() -> here.checkedFor("fedcba9876543210"))
        .isInstanceOfSatisfying(
            ForeignOffsetException.class, refused -> assertThat(refused.offset()).isEqualTo(here))
        .hasMessageContainingAll("0123456789abcdef:4:1.203", "fedcba9876543210");
  }

  /** As earlier builds wrote them. */
  @Test
  void readsNamesOfLogsThatAreNotBegun() {
    assertThat(FeedOffset.parse("6:1.1,2.1,3.1,4.7,5.1@2.0.3"))
        .isEqualTo(FeedOffset.parse("6:1-3,4.7,5.1@2.0.3"))
        .hasToString("6:1-3,4.7,5.1@2.0.3");
  }
}
