// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.PullResponseItem;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.ImageNameSubstitutor;

/**
 * Sees to it that Docker has the images that a container needs, with one attempt each.
 * Testcontainers alone tries for minutes, with a stack trace for each attempt; that is right if
 * there is no other way, and here there is.
 */
final class ContainerImage {

  private static final Logger log = LoggerFactory.getLogger(ContainerImage.class);
  private static final Duration PULL_TIMEOUT = Duration.ofMinutes(5);

  /** Testcontainers' own container, which removes what a killed JVM leaves behind. */
  private static final String RYUK_IMAGE = "testcontainers/ryuk:0.14.0";

  private ContainerImage() {}

  /**
   * Pulls the image, and the one of Testcontainers' own container unless that is disabled, if
   * Docker does not have them.
   *
   * @throws RuntimeException of many kinds if Docker cannot get them
   */
  static void fetch(String image) {
    // Not the client of the factory: that one starts a container of its own first.
    try (DockerClient docker =
        DockerClientProviderStrategy.getClientForConfig(
            DockerClientFactory.instance().getTransportConfig())) {
      fetch(docker, image);
      if (!Boolean.parseBoolean(System.getenv("TESTCONTAINERS_RYUK_DISABLED"))) {
        fetch(docker, RYUK_IMAGE);
      }
    } catch (IOException e) {
      throw new IllegalStateException("Docker's client could not be closed", e);
    }
  }

  private static void fetch(DockerClient docker, String image) {
    DockerImageName name = ImageNameSubstitutor.instance().apply(DockerImageName.parse(image));
    if (!has(docker, name)) {
      pull(docker, name);
    }
  }

  private static boolean has(DockerClient docker, DockerImageName name) {
    try {
      docker.inspectImageCmd(name.asCanonicalNameString()).exec();
      return true;
    } catch (NotFoundException missing) {
      return false;
    }
  }

  private static void pull(DockerClient docker, DockerImageName name) {
    log.info("Pulling the image {}", name);
    Pull pull =
        docker
            .pullImageCmd(name.getUnversionedPart())
            .withTag(name.getVersionPart())
            .exec(new Pull());
    try {
      boolean ended = pull.awaitCompletion(PULL_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      if (!ended || pull.failure != null) {
        throw new IllegalStateException(
            "No image "
                + name
                + ": "
                + (ended ? pull.failure : "not pulled within " + PULL_TIMEOUT));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while pulling " + name, e);
    }
  }

  /** Remembers a failure, which the adapter would log with its stack trace. */
  private static final class Pull extends ResultCallback.Adapter<PullResponseItem> {

    private volatile @Nullable String failure;

    @Override
    public void onNext(PullResponseItem item) {
      if (item.getErrorDetail() != null) {
        failure = item.getErrorDetail().getMessage();
      }
    }

    @Override
    public void onError(Throwable cause) {
      failure = cause.getMessage() == null ? cause.toString() : cause.getMessage();
      onComplete();
    }
  }
}
