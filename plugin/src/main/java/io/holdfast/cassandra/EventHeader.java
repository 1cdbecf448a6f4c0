// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.cassandra.EventRow.ActorEvent;
import io.holdfast.serialization.SerializedObject;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What a row of {@code events} says of its event, beside what people read: one column, because each
 * column costs Cassandra more than a microsecond for each event that is written.
 *
 * <p>The format stands in {@code docs/storage-format.md}. Numbers are big-endian; a length is a
 * number in base 128, lowest digit first, with the high bit set in all bytes but the last; a text
 * is its length in bytes and its UTF-8. More may follow, and is ignored.
 *
 * <p>Before schema version 3, a header did not say where its batch ends and which columns its row
 * has.
 *
 * @param batchFirstSequenceNr the first sequence number of the row's batch
 * @param batchLastSequenceNr the last sequence number of the row's batch; {@link #UNKNOWN} before
 *     schema version 3
 * @param writer who wrote it
 * @param logPosition the writer's next free log position when it issued the batch
 * @param timestampMillis when the event was recorded, in milliseconds since 1970
 * @param writerUuid the persistent actor's incarnation; may be empty
 * @param manifest the event adapter's manifest; may be empty
 * @param serializer of an event that a Pekko serializer wrote
 * @param metadata of a persistent actor's event
 * @param columns which {@link ContentColumn}s the row has, as bits; none of a row that takes the
 *     place of a rejected event; {@link #UNKNOWN} before schema version 3
 */
record EventHeader(
    long batchFirstSequenceNr,
    long batchLastSequenceNr,
    UUID writer,
    long logPosition,
    long timestampMillis,
    String writerUuid,
    String manifest,
    Set<String> tags,
    @Nullable Serializer serializer,
    @Nullable SerializedObject metadata,
    int columns) {
  static final int UNKNOWN = -1;

  private static final byte FORM = 1;
  private static final int FIXED_BYTES = 1 + 5 * Long.BYTES;
  private static final int MAX_LENGTH_BYTES = 5;

  /**
   * Which Pekko serializer reads the event.
   *
   * @param id the serializer's id in the actor system's configuration
   * @param manifest what it needs beside the bytes; may be empty
   */
  record Serializer(int id, String manifest) {}

  /** What all rows of one batch share. */
  record Place(
      long batchFirstSequenceNr, long batchLastSequenceNr, UUID writer, long logPosition) {}

  static EventHeader of(Place place, EventRow row) {
    Serializer serializer =
        row.content() instanceof ActorEvent actor
            ? new Serializer(actor.event().serializerId(), actor.event().manifest())
            : null;
    return new EventHeader(
        place.batchFirstSequenceNr(),
        place.batchLastSequenceNr(),
        place.writer(),
        place.logPosition(),
        row.timestampMillis(),
        row.writerUuid(),
        row.manifest(),
        row.tags(),
        serializer,
        row.metadata(),
        ContentColumn.bits(row.content()));
  }

  /** Of a row that takes the place of a rejected event. */
  static EventHeader ofFiller(Place place) {
    return new EventHeader(
        place.batchFirstSequenceNr(),
        place.batchLastSequenceNr(),
        place.writer(),
        place.logPosition(),
        0,
        "",
        "",
        Set.of(),
        null,
        null,
        0);
  }

  /** What readers of all streams choose by, where the row has no event type of its own. */
  String type() {
    return !manifest.isEmpty() || serializer == null ? manifest : serializer.manifest();
  }

  ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocate(maxSize());
    bytes
        .put(FORM)
        .putLong(batchFirstSequenceNr)
        .putLong(writer.getMostSignificantBits())
        .putLong(writer.getLeastSignificantBits())
        .putLong(logPosition)
        .putLong(timestampMillis);
    put(bytes, writerUuid);
    put(bytes, manifest);
    putLength(bytes, tags.size());
    for (String tag : tags.size() > 1 ? new TreeSet<>(tags) : tags) {
      put(bytes, tag);
    }
    bytes.put((byte) (serializer == null ? 0 : 1));
    if (serializer != null) {
      bytes.putInt(serializer.id());
      put(bytes, serializer.manifest());
    }
    bytes.put((byte) (metadata == null ? 0 : 1));
    if (metadata != null) {
      bytes.putInt(metadata.serializerId());
      put(bytes, metadata.manifest());
      putLength(bytes, metadata.bytes().size());
      bytes.put(metadata.bytes().asByteBuffer());
    }
    putLength(bytes, Math.toIntExact(batchLastSequenceNr - batchFirstSequenceNr));
    bytes.put((byte) columns);
    return bytes.flip();
  }

  /** At least as many bytes as needed. */
  private int maxSize() {
    int size = FIXED_BYTES + maxSize(writerUuid) + maxSize(manifest) + 2 * MAX_LENGTH_BYTES + 3;
    for (String tag : tags) {
      size += maxSize(tag);
    }
    if (serializer != null) {
      size += Integer.BYTES + maxSize(serializer.manifest());
    }
    if (metadata != null) {
      size += Integer.BYTES + maxSize(metadata.manifest());
      size += MAX_LENGTH_BYTES + metadata.bytes().size();
    }
    return size;
  }

  /** No character takes more than three bytes. */
  private static int maxSize(String text) {
    return MAX_LENGTH_BYTES + 3 * text.length();
  }

  private static void put(ByteBuffer bytes, String text) {
    byte[] encoded = text.getBytes(UTF_8);
    putLength(bytes, encoded.length);
    bytes.put(encoded);
  }

  private static void putLength(ByteBuffer bytes, int length) {
    int rest = length;
    while (rest >= 0x80) {
      bytes.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    bytes.put((byte) rest);
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IllegalStateException if a later version of Holdfast wrote it
   */
  static EventHeader decode(ByteBuffer bytes) {
    byte form = bytes.get();
    if (form != FORM) {
      throw new IllegalStateException(
          "an event has a header of form %d, but this version of Holdfast knows form %d: use the version that wrote it"
              .formatted(form, FORM));
    }
    long batchFirst = bytes.getLong();
    UUID writer = new UUID(bytes.getLong(), bytes.getLong());
    long logPosition = bytes.getLong();
    long timestampMillis = bytes.getLong();
    String writerUuid = text(bytes);
    String manifest = text(bytes);
    Set<String> tags = tags(bytes);
    Serializer serializer = serializer(bytes);
    SerializedObject metadata = metadata(bytes);
    boolean saysMore = bytes.hasRemaining();
    return new EventHeader(
        batchFirst,
        saysMore ? batchFirst + length(bytes) : UNKNOWN,
        writer,
        logPosition,
        timestampMillis,
        writerUuid,
        manifest,
        tags,
        serializer,
        metadata,
        saysMore ? bytes.get() : UNKNOWN);
  }

  private static Set<String> tags(ByteBuffer bytes) {
    int size = length(bytes);
    if (size == 0) {
      return Set.of();
    }
    Set<String> tags = new HashSet<>();
    for (int i = 0; i < size; i++) {
      tags.add(text(bytes));
    }
    return tags;
  }

  private static @Nullable Serializer serializer(ByteBuffer bytes) {
    return bytes.get() == 0 ? null : new Serializer(bytes.getInt(), text(bytes));
  }

  private static @Nullable SerializedObject metadata(ByteBuffer bytes) {
    return bytes.get() == 0
        ? null
        : new SerializedObject(
            bytes.getInt(), text(bytes), ByteString.fromArrayUnsafe(array(bytes)));
  }

  private static String text(ByteBuffer bytes) {
    byte[] encoded = array(bytes);
    return encoded.length == 0 ? "" : new String(encoded, UTF_8);
  }

  private static byte[] array(ByteBuffer bytes) {
    byte[] array = new byte[length(bytes)];
    bytes.get(array);
    return array;
  }

  private static int length(ByteBuffer bytes) {
    int length = 0;
    for (int shift = 0; ; shift += 7) {
      byte digit = bytes.get();
      length |= (digit & 0x7f) << shift;
      if (digit >= 0) {
        return length;
      }
    }
  }
}
