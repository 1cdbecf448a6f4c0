// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.fence.LogEntry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Entries of a log row as the bytes of a {@code list<tuple<text, bigint, bigint, bigint, set<text>,
 * set<text>>>}, in a column that is a {@code blob} to Cassandra.
 *
 * <p>Each write and each event that is read for the feed passes through here, and the driver's
 * codecs, which look up each field of each tuple, take several times as long; and Cassandra takes a
 * list apart to check it, which was a tenth of its processor time for a write. The format is that
 * of section 6 of the native protocol's specification, version 4: every value has its length before
 * it, and a negative one stands for null.
 */
final class LogEntries {
  private LogEntries() {}

  static ByteBuffer encode(List<LogEntry> entries) {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + sizeOf(entries));
    bytes.putInt(entries.size());
    for (LogEntry entry : entries) {
      int start = begin(bytes);
      put(bytes, entry.persistenceId());
      put(bytes, entry.firstSequenceNr());
      put(bytes, entry.lastSequenceNr());
      put(bytes, entry.epoch());
      put(bytes, entry.eventTypes());
      put(bytes, entry.tags());
      end(bytes, start);
    }
    return bytes.flip();
  }

  /** At least as many bytes as needed: no character takes more than three. */
  private static int sizeOf(List<LogEntry> entries) {
    int size = 0;
    for (LogEntry entry : entries) {
      size += 6 * Integer.BYTES + 3 * Long.BYTES;
      size += Integer.BYTES + sizeOf(List.of(entry.persistenceId()));
      size += sizeOf(entry.eventTypes()) + sizeOf(entry.tags());
    }
    return size;
  }

  private static int sizeOf(Collection<String> texts) {
    int size = Integer.BYTES;
    for (String text : texts) {
      size += Integer.BYTES + 3 * text.length();
    }
    return size;
  }

  /** Leaves room for a length, and answers where what it counts begins. */
  private static int begin(ByteBuffer bytes) {
    bytes.putInt(0);
    return bytes.position();
  }

  private static void end(ByteBuffer bytes, int start) {
    bytes.putInt(start - Integer.BYTES, bytes.position() - start);
  }

  private static void put(ByteBuffer bytes, long value) {
    bytes.putInt(Long.BYTES).putLong(value);
  }

  private static void put(ByteBuffer bytes, String text) {
    byte[] encoded = text.getBytes(UTF_8);
    bytes.putInt(encoded.length).put(encoded);
  }

  private static void put(ByteBuffer bytes, Set<String> texts) {
    int start = begin(bytes);
    bytes.putInt(texts.size());
    texts.forEach(text -> put(bytes, text));
    end(bytes, start);
  }

  /** Reads all that is left in the buffer. */
  static List<LogEntry> decode(@Nullable ByteBuffer column) {
    if (column == null) {
      return List.of();
    }
    int size = column.getInt();
    List<LogEntry> entries = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      column.getInt(); // The length of the tuple, of which all is read.
      entries.add(
          new LogEntry(
              text(column),
              number(column),
              number(column),
              number(column),
              texts(column),
              texts(column)));
    }
    return entries;
  }

  private static long number(ByteBuffer bytes) {
    bytes.getInt();
    return bytes.getLong();
  }

  private static String text(ByteBuffer bytes) {
    byte[] encoded = new byte[bytes.getInt()];
    bytes.get(encoded);
    return new String(encoded, UTF_8);
  }

  private static Set<String> texts(ByteBuffer bytes) {
    if (bytes.getInt() < 0) {
      return Set.of();
    }
    int size = bytes.getInt();
    if (size == 1) {
      return Set.of(text(bytes));
    }
    Set<String> texts = new HashSet<>();
    for (int i = 0; i < size; i++) {
      texts.add(text(bytes));
    }
    return texts;
  }
}
