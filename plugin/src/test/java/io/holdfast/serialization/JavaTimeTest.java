// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of {@code docs/types-and-evolution.md}: what is kept of each type of java.time. */
class JavaTimeTest {
  private static final LocalDateTime AUTUMN = LocalDateTime.of(2026, 10, 25, 2, 30);
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /** A type, a value, and its JSON. */
  static Stream<Arguments> table() {
    return Stream.of(
        Arguments.of(
            Instant.class,
            Instant.parse("2026-01-02T03:04:05.678901234Z"),
            "\"2026-01-02T03:04:05.678901234Z\""),
        Arguments.of(
            OffsetDateTime.class,
            OffsetDateTime.parse("2026-01-02T12:00:00.000000001+02:00"),
            "\"2026-01-02T12:00:00.000000001+02:00\""),
        Arguments.of(
            ZonedDateTime.class,
            ZonedDateTime.of(LocalDateTime.of(2026, 1, 2, 12, 0), BERLIN),
            "\"2026-01-02T12:00:00+01:00[Europe/Berlin]\""),
        Arguments.of(
            LocalDateTime.class,
            LocalDateTime.of(2026, 1, 2, 12, 0, 0, 1),
            "\"2026-01-02T12:00:00.000000001\""),
        Arguments.of(LocalDate.class, LocalDate.of(2026, 1, 2), "\"2026-01-02\""),
        Arguments.of(LocalTime.class, LocalTime.of(12, 0, 0, 1), "\"12:00:00.000000001\""),
        Arguments.of(OffsetTime.class, OffsetTime.parse("12:00+02:00"), "\"12:00+02:00\""),
        Arguments.of(Year.class, Year.of(2026), "\"2026\""),
        Arguments.of(YearMonth.class, YearMonth.of(2026, 2), "\"2026-02\""),
        Arguments.of(MonthDay.class, MonthDay.of(2, 29), "\"--02-29\""),
        Arguments.of(Month.class, Month.MAY, "\"MAY\""),
        Arguments.of(DayOfWeek.class, DayOfWeek.MONDAY, "\"MONDAY\""),
        Arguments.of(Period.class, Period.of(1, -2, 3), "\"P1Y-2M3D\""),
        Arguments.of(Duration.class, Duration.ofMillis(90_500), "90.500000000"),
        Arguments.of(ZoneId.class, BERLIN, "\"Europe/Berlin\""),
        Arguments.of(ZoneOffset.class, ZoneOffset.ofHours(2), "\"+02:00\""));
  }

  private static EventSerializer serializer(Class<?> type) {
    return JsonEventSerializer.builder().register("T", type).build();
  }

  private static Object read(Class<?> type, String json) {
    SerializedPayload payload =
        new SerializedPayload(SerializedPayload.JSON, ByteString.fromString(json));
    return serializer(type).deserialize("T", payload).get(0).payload();
  }

  @ParameterizedTest
  @MethodSource("table")
  void keepsTheValue(Class<?> type, Object value, String json) {
    SerializedPayload written = serializer(type).serialize("T", value);
    assertThat(written.bytes().utf8String()).isEqualTo(json);
    assertThat(read(type, json)).isEqualTo(value);
  }

  @ParameterizedTest
  @MethodSource("table")
  void standsInTheGuide(Class<?> type, Object value, String json) throws Exception {
    assertThat(Files.readString(Path.of("../docs/types-and-evolution.md")))
        .contains("| `%s` | `%s` |".formatted(type.getSimpleName(), json));
  }

  @Test
  void keepsExtremesAndOddZones() {
    record All(
        List<Instant> instants,
        List<OffsetDateTime> offsets,
        List<ZonedDateTime> zoned,
        List<LocalDateTime> local,
        List<OffsetTime> times,
        List<Object> others,
        List<YearMonth> months,
        List<Duration> durations,
        List<ZoneId> zones,
        Map<ZonedDateTime, Year> keys,
        Map<OffsetDateTime, MonthDay> others2) {}
    All all =
        new All(
            List.of(Instant.MIN, Instant.MAX, Instant.EPOCH),
            List.of(
                OffsetDateTime.MIN,
                OffsetDateTime.MAX,
                OffsetDateTime.parse("2026-01-02T12:00:00-00:30"),
                OffsetDateTime.parse("2026-01-02T12:00:00+02:00:30")),
            Stream.of("UTC", "Z", "GMT+2", "Etc/GMT+2", "UTC+02:00", "+02:00", "America/New_York")
                .map(zone -> ZonedDateTime.of(2026, 1, 2, 12, 0, 0, 1, ZoneId.of(zone)))
                .toList(),
            List.of(LocalDateTime.MIN, LocalDateTime.MAX),
            List.of(OffsetTime.MIN, OffsetTime.MAX),
            List.of(),
            List.of(YearMonth.of(-5, 2), YearMonth.of(Year.MAX_VALUE, 2)),
            List.of(
                Duration.ZERO,
                Duration.ofNanos(-1),
                Duration.ofMillis(-1_500),
                Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)),
            List.of(ZoneId.of("UTC"), ZoneOffset.UTC, ZoneOffset.ofHoursMinutesSeconds(2, 3, 4)),
            Map.of(ZonedDateTime.of(AUTUMN, BERLIN), Year.of(-5)),
            Map.of(AUTUMN.atOffset(ZoneOffset.ofHours(-3)), MonthDay.of(2, 29)));
    EventSerializer serializer = serializer(All.class);
    Object read = serializer.deserialize("T", serializer.serialize("T", all)).get(0).payload();
    assertThat(read).isEqualTo(all);
  }

  @Test
  void keepsBothHoursWhenClocksAreSetBack() {
    for (int offset = 1; offset <= 2; offset++) {
      ZonedDateTime time = ZonedDateTime.ofLocal(AUTUMN, BERLIN, ZoneOffset.ofHours(offset));
      EventSerializer serializer = serializer(ZonedDateTime.class);
      assertThat(serializer.deserialize("T", serializer.serialize("T", time)).get(0).payload())
          .isEqualTo(time);
    }
  }

  @Test
  void refusesTheOneDurationThatItCannotWrite() {
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(
            () -> serializer(Duration.class).serialize("T", Duration.ofSeconds(Long.MIN_VALUE)));
  }

  /** Written by mappers without zones, or that write times as numbers. */
  @Test
  void readsWhatWasStoredOtherwise() throws Exception {
    assertThat(read(ZonedDateTime.class, "\"2026-01-02T12:00:00+02:00\""))
        .isEqualTo(ZonedDateTime.parse("2026-01-02T12:00:00+02:00"));
    assertThat(read(OffsetDateTime.class, "\"2026-01-02T10:00:00Z\""))
        .isEqualTo(OffsetDateTime.parse("2026-01-02T10:00:00Z"));
    assertThat(read(Duration.class, "\"PT1M30S\"")).isEqualTo(Duration.ofSeconds(90));
    Instant now = Instant.parse("2026-01-02T03:04:05.678901234Z");
    String number =
        JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .enable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build()
            .writeValueAsString(now);
    assertThat(read(Instant.class, number)).isEqualTo(now);
  }
}
