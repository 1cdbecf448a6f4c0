// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses a source and starts a node.
 *
 * @param isDockerAvailable whether Docker answers; may also throw
 * @param fetchImage makes Docker have an image, and fails soon if it cannot
 * @param container starts a container of an image
 * @param embedded starts a child JVM
 */
record NodeStarter(
    BooleanSupplier isDockerAvailable,
    Consumer<String> fetchImage,
    Function<String, CassandraNode> container,
    Supplier<CassandraNode> embedded) {

  private static final Logger log = LoggerFactory.getLogger(NodeStarter.class);

  static NodeStarter create() {
    return new NodeStarter(
        ContainerNode::isDockerAvailable,
        ContainerImage::fetch,
        ContainerNode::start,
        EmbeddedNode::start);
  }

  CassandraNode start(TestSettings settings) {
    CassandraNode node =
        switch (settings.source()) {
          case EMBEDDED -> embedded.get();
          case TESTCONTAINERS -> demandContainer(settings.image());
          case AUTO -> containerOrEmbedded(settings.image());
        };
    log.info("Tests use {} (source: {})", node.contactPoint(), node.source());
    return node;
  }

  private CassandraNode demandContainer(String image) {
    if (!isDockerAvailable.getAsBoolean()) {
      throw new IllegalStateException(
          CassandraSource.PROPERTY
              + " = testcontainers, but no Docker answers. Start Docker, or set the property to"
              + " auto or embedded");
    }
    try {
      return container.apply(image);
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          CassandraSource.PROPERTY
              + " = testcontainers, but no Cassandra could be started from the image "
              + image
              + " ("
              + reason(e)
              + "). Pull the image, name another with "
              + TestSettings.IMAGE_PROPERTY
              + ", or set "
              + CassandraSource.PROPERTY
              + " to auto or embedded",
          e);
    }
  }

  private CassandraNode containerOrEmbedded(String image) {
    try {
      if (isDockerAvailable.getAsBoolean()) {
        fetchImage.accept(image);
        return container.apply(image);
      }
      log.info(
          "No Docker answers, whatever error Testcontainers logs: the tests use an embedded Cassandra");
    } catch (RuntimeException e) {
      log.warn(
          "Docker answers, but no Cassandra could be started from the image {} ({}); the tests use"
              + " an embedded one. {} = embedded says so from the start",
          image,
          reason(e),
          CassandraSource.PROPERTY);
      log.debug("Why no Cassandra could be started from the image {}", image, e);
    }
    return embedded.get();
  }

  /** The message of the innermost cause that has one: Testcontainers wraps several times. */
  private static String reason(Throwable failure) {
    String reason = failure.toString();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage();
      if (message != null && !message.isBlank()) {
        reason = message.strip();
      }
    }
    return reason;
  }
}
