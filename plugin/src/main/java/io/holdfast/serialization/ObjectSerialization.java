// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.dispatch.ExecutionContexts;
import org.apache.pekko.serialization.AsyncSerializer;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.Serialization$;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;
import org.apache.pekko.util.ByteString;
import scala.Function0;
import scala.Option;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;

/**
 * Objects as bytes, by the actor system's serializers. What a serializer throws fails the future.
 *
 * <p>A future is complete when it is returned, unless the serializer is an {@link AsyncSerializer}:
 * then it completes on whatever thread that one uses. Thread-safe.
 */
public final class ObjectSerialization {
  private static final ExecutionContext CALLING_THREAD =
      ExecutionContexts.fromExecutor(Runnable::run);

  private final Serialization serialization;

  public ObjectSerialization(ActorSystem system) {
    this.serialization = SerializationExtension.get(system);
  }

  public CompletableFuture<SerializedObject> serialize(Object object) {
    try {
      Serializer serializer = serialization.findSerializerFor(object);
      if (serializer instanceof AsyncSerializer async) {
        return translated(() -> async.toBinaryAsync(object))
            .thenApply(bytes -> serialized(serializer, object, bytes));
      }
      return completedFuture(serialized(serializer, object, serialization.serialize(object).get()));
    } catch (Exception e) { // whatever a serializer throws
      return failedFuture(e);
    }
  }

  private static SerializedObject serialized(Serializer serializer, Object object, byte[] bytes) {
    return new SerializedObject(
        serializer.identifier(),
        Utf8.checked("the serializer's manifest", Serializers.manifestFor(serializer, object)),
        ByteString.fromArrayUnsafe(bytes));
  }

  public CompletableFuture<Object> deserialize(SerializedObject object) {
    try {
      Option<Serializer> serializer =
          serialization.serializerByIdentity().get(object.serializerId());
      if (serializer.nonEmpty() && serializer.get() instanceof AsyncSerializer async) {
        byte[] bytes = object.bytes().toArrayUnsafe();
        return translated(() -> async.fromBinaryAsync(bytes, object.manifest()));
      }
      return completedFuture(
          serialization
              .deserialize(object.bytes().toArrayUnsafe(), object.serializerId(), object.manifest())
              .get());
    } catch (Exception e) { // whatever a serializer throws
      return failedFuture(e);
    }
  }

  private <T> CompletableFuture<T> translated(Function0<Future<T>> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Serialization$.MODULE$
        .withTransportInformation(serialization.system(), call)
        .onComplete(
            done ->
                done.isSuccess()
                    ? result.complete(done.get())
                    : result.completeExceptionally(done.failed().get()),
            CALLING_THREAD);
    return result;
  }
}
