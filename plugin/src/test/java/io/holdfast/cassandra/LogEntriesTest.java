// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.ProtocolVersion;
import com.datastax.oss.driver.api.core.data.TupleValue;
import com.datastax.oss.driver.api.core.type.DataTypes;
import com.datastax.oss.driver.api.core.type.TupleType;
import com.datastax.oss.driver.api.core.type.codec.TypeCodec;
import com.datastax.oss.driver.api.core.type.codec.registry.CodecRegistry;
import io.holdfast.fence.LogEntry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The bytes are those that the driver's own codecs read and write. */
class LogEntriesTest {
  private static final TupleType TUPLE =
      DataTypes.tupleOf(
          DataTypes.TEXT,
          DataTypes.BIGINT,
          DataTypes.BIGINT,
          DataTypes.BIGINT,
          DataTypes.setOf(DataTypes.TEXT),
          DataTypes.setOf(DataTypes.TEXT));

  private static final TypeCodec<List<TupleValue>> DRIVER =
      CodecRegistry.DEFAULT.codecFor(DataTypes.listOf(TUPLE));

  private static final String LETTERS = "aZ\u00e9\u6d41\u0000 \ud83c\udf0a";

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(12);
    int[] letters = LETTERS.codePoints().toArray();
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(letters[random.nextInt(letters.length)]);
    }
    return text.toString();
  }

  private static Set<String> texts(Random random) {
    Set<String> texts = new HashSet<>();
    int size = random.nextInt(4);
    for (int i = 0; i < size; i++) {
      texts.add(text(random));
    }
    return texts;
  }

  private static List<LogEntry> entries(Random random) {
    List<LogEntry> entries = new ArrayList<>();
    int size = random.nextInt(5);
    for (int i = 0; i < size; i++) {
      entries.add(
          new LogEntry(
              text(random),
              random.nextLong(),
              random.nextLong(),
              random.nextLong(),
              texts(random),
              texts(random)));
    }
    return entries;
  }

  private static TupleValue tuple(LogEntry entry) {
    return TUPLE
        .newValue()
        .setString(0, entry.persistenceId())
        .setLong(1, entry.firstSequenceNr())
        .setLong(2, entry.lastSequenceNr())
        .setLong(3, entry.epoch())
        .setSet(4, entry.eventTypes(), String.class)
        .setSet(5, entry.tags(), String.class);
  }

  @Test
  void areTheDriversBytes() {
    Random random = new Random(7);
    for (int round = 0; round < 1_000; round++) {
      List<LogEntry> entries = entries(random);
      ByteBuffer encoded = LogEntries.encode(entries);
      List<TupleValue> tuples = entries.stream().map(LogEntriesTest::tuple).toList();

      assertThat(DRIVER.decode(encoded.duplicate(), ProtocolVersion.DEFAULT)).isEqualTo(tuples);
      assertThat(LogEntries.decode(DRIVER.encode(tuples, ProtocolVersion.DEFAULT)))
          .isEqualTo(entries);
      assertThat(LogEntries.decode(encoded)).isEqualTo(entries);
    }
  }

  @Test
  void areEmptyWhereNothingIsStored() {
    assertThat(LogEntries.decode(null)).isEmpty();
    TupleValue absent = TUPLE.newValue("a", 1L, 2L, 3L, null, null);
    assertThat(LogEntries.decode(DRIVER.encode(List.of(absent), ProtocolVersion.DEFAULT)))
        .containsExactly(new LogEntry("a", 1, 2, 3, Set.of(), Set.of()));
  }
}
