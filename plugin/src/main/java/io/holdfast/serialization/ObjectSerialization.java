// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;
import org.apache.pekko.util.ByteString;

/** Objects as bytes, by the actor system's serializers, whose exceptions pass. Thread-safe. */
public final class ObjectSerialization {
  private final Serialization serialization;

  public ObjectSerialization(ActorSystem system) {
    this.serialization = SerializationExtension.get(system);
  }

  public SerializedObject serialize(Object object) {
    Serializer serializer = serialization.findSerializerFor(object);
    byte[] bytes = serialization.serialize(object).get();
    return new SerializedObject(
        serializer.identifier(),
        Serializers.manifestFor(serializer, object),
        ByteString.fromArrayUnsafe(bytes));
  }

  public Object deserialize(SerializedObject object) {
    return serialization
        .deserialize(object.bytes().toArrayUnsafe(), object.serializerId(), object.manifest())
        .get();
  }
}
