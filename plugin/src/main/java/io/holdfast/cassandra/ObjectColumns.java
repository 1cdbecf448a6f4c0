// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.Row;
import io.holdfast.serialization.SerializedObject;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * An object as a Pekko serializer wrote it, in three columns: the serializer's id, the manifest
 * right after it, and the bytes. What is empty is left unset.
 */
@SuppressWarnings("CheckReturnValue") // the driver's builders change in place
final class ObjectColumns {
  private ObjectColumns() {}

  static void bind(
      BoundStatementBuilder bound, int idIndex, int bytesIndex, SerializedObject object) {
    bound.setBytesUnsafe(idIndex, Columns.of(object.serializerId()));
    if (!object.manifest().isEmpty()) {
      bound.setBytesUnsafe(idIndex + 1, Columns.of(object.manifest()));
    }
    bound.setBytesUnsafe(bytesIndex, object.bytes().asByteBuffer());
  }

  static @Nullable SerializedObject read(Row row, int idIndex, int bytesIndex) {
    return row.isNull(idIndex)
        ? null
        : new SerializedObject(row.getInt(idIndex), text(row, idIndex + 1), bytes(row, bytesIndex));
  }

  static String text(Row row, int index) {
    return Objects.requireNonNullElse(row.getString(index), "");
  }

  static ByteString bytes(Row row, int index) {
    ByteBuffer buffer = row.getBytesUnsafe(index);
    return buffer == null ? ByteString.emptyByteString() : ByteString.fromByteBuffer(buffer);
  }
}
